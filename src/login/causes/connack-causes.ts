import type { ConnectFailure } from '../attempt/failure.ts';
import { unknownDevice, wrongSecret } from './auth-causes.ts';
import { type CauseRow, type CauseTable, rowIf } from './cause-row.ts';
import { type Findings, gotIn, tokenCodeOf } from './findings.ts';

/** Bounds of the platform's document and of later years (docs/protocol.md section 4). */
const [LEAST_KEEPALIVE_SEC, MOST_KEEPALIVE_SEC] = [60, 1_200];
const MAX_CLIENT_ID = 64;
/** Codes of MQTT 5 that a service may use towards an older CONNECT. */
const [UNSUPPORTED_VERSION, BAD_PASSWORD, NOT_AUTHORIZED] = [132, 134, 135];

/** Why CONNACK refuses the login. */
export const connackCauses: CauseTable = (findings) => {
  const { code } = findings.failure as ConnectFailure;
  switch (code) {
    case 1:
    case UNSUPPORTED_VERSION:
      return [otherVersion];
    case 2:
      return identifierCauses(findings);
    case 3:
      return unavailableCauses(findings);
    case 4:
    case BAD_PASSWORD:
      return findings.about.mode === 'password' ? passwordCauses(findings) : signatureCauses(findings);
    case 5:
    case NOT_AUTHORIZED:
      return findings.about.mode === 'password' ? passwordCauses(findings) : unknownCauses(findings);
    default:
      return [
        {
          cause: 'refused',
          words: `the service refuses the login with code ${code}`,
          mend: 'see its log for why',
        },
      ];
  }
};

const otherVersion: CauseRow = {
  cause: 'mqtt-version',
  words: 'the service does not take MQTT 3.1.1',
  mend: 'let it accept MQTT 3.1.1, which these devices speak',
};

function identifierCauses({ about }: Findings): CauseRow[] {
  const { keepaliveSec, clientIdLength } = about;
  const isOutside = keepaliveSec < LEAST_KEEPALIVE_SEC || keepaliveSec > MOST_KEEPALIVE_SEC;
  const keepalive: CauseRow = {
    cause: 'keepalive-out-of-bounds',
    words: `a keepalive of ${keepaliveSec} s is out of the bounds of the service: more than 60 s by the platform's document, at most 1200 s`,
    mend: `set ${about.setting('keepalive')} to 120s, say`,
  };
  const tooLong: CauseRow = {
    cause: 'client-id-too-long',
    words: `the client id has ${clientIdLength} characters, and at most ${MAX_CLIENT_ID} are allowed`,
    mend: 'use a shorter one, such as a serial number or MAC address',
  };
  const malformed: CauseRow = {
    cause: 'client-id',
    words: 'the service does not allow this client id, or does not understand the part between its bars',
    mend: 'compare it with one of a device that gets in',
  };
  if (about.mode === 'password') return [malformed, ...rowIf(isOutside, keepalive)];
  return [
    ...rowIf(clientIdLength > MAX_CLIENT_ID, tooLong),
    ...rowIf(isOutside, keepalive),
    ...rowIf(about.mode === 'direct', {
      cause: 'securemode-mismatch',
      words: `securemode says ${about.transport === 'tls' ? 'TLS' : 'TCP'}, and the service sees the other: TLS ends somewhere before it`,
      mend: 'lead the connection to the service itself, or have it know of the load balancer',
    }),
    malformed,
  ];
}

function unavailableCauses(findings: Findings): CauseRow[] {
  const { about } = findings;
  const limited: CauseRow = {
    cause: 'rate-limited',
    words: `the service takes no login now: a limit on logins is reached${about.mode === 'password' ? '' : ' (such as 5 a minute per device, 500 a second in all)'}`,
    mend: 'wait a minute and try again; have devices wait longer between logins, with jitter',
  };
  const down: CauseRow = {
    cause: 'unavailable',
    words: 'the service is starting, overloaded, or being maintained',
    mend: 'see its log and its load',
  };
  if (gotIn(findings, 'again')) {
    if (about.mode === 'https-token') return [{ ...staleToken, certainty: 'shown' }, limited];
    return [
      { ...limited, words: 'the service took no login for a moment, and takes it now', certainty: 'shown' },
      down,
    ];
  }
  return about.mode === 'https-token' ? [strangeToken(findings), limited, down] : [limited, down];
}

const staleToken: CauseRow = {
  cause: 'wrong-token',
  words: 'the service did not know the token yet, or no longer: it takes a new one',
  mend: 'have the device ask for a new token after CONNACK 3, and wait a moment before it connects',
};

function strangeToken({ about }: Findings): CauseRow {
  return {
    cause: 'wrong-token',
    words: 'the service does not know the token that the auth service has just issued: they do not belong together',
    mend: `name the auth service and the MQTT service of one region, account and instance in ${about.setting('auth')} and ${about.setting('mqtt')}, and connect where the reply sends the device; a stored token must be whole, and is valid for 7 days`,
  };
}

function signatureCauses(findings: Findings): CauseRow[] {
  const code = tokenCodeOf(findings);
  const differs: CauseRow = {
    cause: 'signature-differs',
    words:
      'the service computes the signature from something else: another client id, method or product key than the ones sent',
    mend: 'compare the signed content above with what the firmware signs',
  };
  if (findings.about.mode === 'https-token') return [strangeToken(findings)];
  if (code === 200)
    return [
      {
        ...differs,
        words: 'the secret is right, as the auth service takes it, but the MQTT service computes another signature',
      },
    ];
  if (code === 5001) return [...unknownDevice(findings, 'shown'), wrongSecret(findings)];
  return [wrongSecret(findings, code === 401 ? 'shown' : undefined), differs];
}

function unknownCauses(findings: Findings): CauseRow[] {
  const { about } = findings;
  const code = tokenCodeOf(findings);
  const disabled: CauseRow = {
    cause: 'disabled-device',
    words: 'the device is disabled at the service, or may not log in with this account',
    mend: 'enable it in the console of the service',
  };
  const otherMode: CauseRow = {
    cause: 'other-login-mode',
    words: `the device is registered for ${about.mode === 'direct' ? 'the HTTPS login' : 'a signed CONNECT'}, not for this one`,
    mend: `set ${about.setting('mode')} to ${about.mode === 'direct' ? 'https-token' : 'direct'}, or register the device for both`,
  };
  if (code === 200) return [{ ...otherMode, certainty: 'shown' }, disabled];
  if (code === 5001) return unknownDevice(findings, 'shown');
  if (code === 401) return [wrongSecret(findings), disabled];
  if (code === 6200) return [{ ...disabled, certainty: 'likely' }];
  return [...unknownDevice(findings), disabled, otherMode];
}

function passwordCauses({ about }: Findings): CauseRow[] {
  const { hasUsername, hasPassword } = about;
  const missing: CauseRow = {
    cause: 'credentials-wanted',
    words: hasUsername
      ? 'the service wants a password, and none is sent'
      : 'the service wants a user name and a password, and none is sent',
    mend: 'set auth of the fleet: { mode: password, username: ..., password: ... }',
  };
  const wrong: CauseRow = {
    cause: 'wrong-password',
    words: 'the service does not take this user name with this password',
    mend: 'compare both with what the service has; length and digest above show what was sent: printf %s "$PASSWORD" | sha256sum',
  };
  const client: CauseRow = {
    cause: 'client-not-allowed',
    words: 'the service does not admit this client id, or not from this address',
    mend: 'see its access rules and its log',
  };
  return hasUsername && hasPassword ? [wrong, client] : [missing, wrong, client];
}
