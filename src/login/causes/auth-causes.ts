import type { AuthFailure } from '../attempt/failure.ts';
import { type CauseRow, type CauseTable, rowIf } from './cause-row.ts';
import { type Findings, gotIn } from './findings.ts';

/** Longest client id, product key apart (docs/protocol.md section 1). */
const MAX_CLIENT_ID = 64;

/** Why the HTTPS login gives no token. */
export const authCauses: CauseTable = (findings) => {
  const { kind, code } = findings.failure as AuthFailure;
  const auth = findings.about.setting('auth');
  switch (kind) {
    case 'code':
      return codeCauses(findings, code);
    case 'status':
      return statusCauses(findings, code);
    case 'redirect':
      return [
        { ...notTheService(findings), words: 'what answers sends to another address, and devices do not follow' },
      ];
    case 'malformed':
      return [notTheService(findings)];
    case 'not-http':
      return [
        {
          cause: 'other-protocol',
          words: 'what answers does not speak HTTP as it was asked: the port may want TLS',
          mend: `write https:// in ${auth}, or correct its host and port`,
        },
        notTheService(findings),
      ];
    case 'timeout':
    case 'closed':
      return [
        {
          cause: 'service-hangs',
          words:
            kind === 'timeout'
              ? 'the auth service takes the request and does not answer'
              : 'the auth service closes before its reply is whole',
          mend: 'see its log and its load; a device must try again later',
        },
        notTheService(findings),
      ];
    case 'forbidden-host':
      return [
        {
          cause: 'forbidden-host',
          words: 'the reply sends the device to a host that this command may not speak to',
          mend: 'allow it: --allow-remote HOST; or leave target.followResources off',
          certainty: 'shown',
        },
      ];
    default:
      return unreachable(kind);
  }
};

function codeCauses(findings: Findings, code: number): CauseRow[] {
  switch (code) {
    case 401:
      return [wrongSecret(findings), otherContent];
    case 429:
      return [rateLimited(findings)];
    case 460:
      return [...tooLong(findings), parameters];
    case 5001:
      return unknownDevice(findings);
    case 6200:
      return [otherMode(findings)];
    default:
      return [broken(`code ${code}`)];
  }
}

function statusCauses(findings: Findings, status: number): CauseRow[] {
  if (status === 429) return [rateLimited(findings)];
  if (status >= 500) return [broken(`HTTP status ${status}`), notTheService(findings)];
  const path: CauseRow = {
    cause: 'wrong-path',
    words: `there is no login at that path (HTTP status ${status})`,
    mend: `correct the path of ${findings.about.setting('auth')}: the platform's is /auth/devicename`,
  };
  return status === 404 || status === 405 ? [path, notTheService(findings)] : [notTheService(findings), path];
}

/** The secret that the service has is another one. */
export function wrongSecret({ about }: Findings, certainty?: 'shown'): CauseRow {
  return {
    cause: 'wrong-secret',
    words: `the device secret is not the one that the service has for ${about.deviceName}`,
    mend: `compare ${about.setting('secret')} with the one in the console of the service, character by character; it may be that of another device, or an older one`,
    certainty,
  };
}

const otherContent: CauseRow = {
  cause: 'signature-differs',
  words: 'the service signs something else than this: other parameters, another order, another method',
  mend: 'compare the signed content above with the one in the log of the service',
};

function rateLimited(findings: Findings): CauseRow {
  const isOver = gotIn(findings, 'again');
  return {
    cause: 'rate-limited',
    words: `more HTTPS logins come than the service allows${isOver ? '; a moment later it took this one' : ''}`,
    mend: 'nothing is wrong with the device: have the fleet wait longer between logins, with jitter, or have the limit raised',
    certainty: 'shown',
  };
}

function tooLong({ about }: Findings): CauseRow[] {
  return rowIf(about.clientIdLength > MAX_CLIENT_ID, {
    cause: 'client-id-too-long',
    words: `the client id has ${about.clientIdLength} characters, and at most ${MAX_CLIENT_ID} are allowed`,
    mend: 'use a shorter one, such as a serial number or MAC address',
    certainty: 'shown',
  });
}

const parameters: CauseRow = {
  cause: 'bad-parameter',
  words: 'a parameter of the request is missing or malformed: product key, device name, client id, sign method',
  mend: 'look through the parameters above for blanks, empty ones and odd characters',
};

/** The service does not have the device. */
export function unknownDevice({ about }: Findings, certainty?: 'shown'): CauseRow[] {
  return [
    {
      cause: 'unknown-device',
      words: `the service has no device ${about.deviceName} in product ${about.productKey}`,
      mend: 'register it, or correct product key and device name: upper and lower case matter',
      certainty,
    },
    {
      cause: 'other-region',
      words: 'the device is registered in another region, account or instance of the service',
      mend: `check the region in ${about.setting('mqtt')} and ${about.setting('auth')}`,
    },
  ];
}

function otherMode({ about }: Findings): CauseRow {
  return {
    cause: 'other-login-mode',
    words: 'the device is registered for another kind of login than the HTTPS login',
    mend: `set ${about.setting('mode')} to direct, or register the device for the HTTPS login`,
    certainty: 'shown',
  };
}

function broken(what: string): CauseRow {
  return {
    cause: 'service-error',
    words: `the auth service is in trouble itself (${what})`,
    mend: 'try again later; see its log',
  };
}

function notTheService({ about }: Findings): CauseRow {
  return {
    cause: 'other-service',
    words: `what answers at ${about.authHost} is not the auth service, or something stands before it`,
    mend: `correct ${about.setting('auth')}; look for a proxy or a captive portal on the way`,
  };
}

function unreachable(kind: never): never {
  throw new TypeError(`unknown failure ${String(kind)}`);
}
