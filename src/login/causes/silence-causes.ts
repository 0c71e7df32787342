import type { ConnectFailure, SessionFailure } from '../attempt/failure.ts';
import type { CauseRow, CauseTable } from './cause-row.ts';
import { type Findings, gotIn, trialOf } from './findings.ts';

/** First bytes of what is not MQTT. */
const [TLS_ALERT, TLS_HANDSHAKE] = [0x15, 0x16];

/** Why no CONNACK came. */
export const silenceCauses: CauseTable = (findings) => {
  const { kind, firstByte } = findings.failure as ConnectFailure;
  if (kind === 'unsendable') return [unsendable];
  const tls = tlsPort(findings);
  if (tls !== undefined) return [tls];
  const wanted = wantedCertificate(findings);
  if (wanted !== undefined) return [wanted];
  if (kind === 'stranger') {
    const speaksTls = firstByte === TLS_ALERT || firstByte === TLS_HANDSHAKE;
    return speaksTls ? [tlsPortRow(findings)] : [otherService(findings)];
  }
  return kind === 'timeout' ? timeoutCauses(findings) : closedCauses(findings);
};

/** Why a device that was in got no further. */
export const sessionCauses: CauseTable = ({ failure }) => {
  const { step, kind } = failure as SessionFailure;
  if (kind === 'refused') {
    return [
      {
        cause: 'topic-not-allowed',
        words: `the device may not ${step} to one of its topics`,
        mend: 'check the topics of onConnect, and the rights of the device at the service: most services let a device use only topics that name it',
      },
    ];
  }
  const other: CauseRow = {
    cause: 'kicked',
    words: 'another copy of the device is online, and its login took the session: they kick each other off',
    mend: 'find the other copy, or give it an identity of its own',
  };
  const forbidden: CauseRow = {
    cause: 'topic-not-allowed',
    words: `the service closes on a device that may not use this topic or QoS`,
    mend: 'check the topics of onConnect, and the rights of the device at the service',
  };
  const hangs: CauseRow = {
    cause: 'service-hangs',
    words: `the service accepts logins and does not answer ${step}: it hangs, or is overloaded`,
    mend: 'see its log and its load',
  };
  return kind === 'closed' ? [forbidden, other] : [hangs];
};

const unsendable: CauseRow = {
  cause: 'unsendable',
  words: 'MQTT cannot carry what the device would send',
  mend: 'correct client id, user name, password or keepalive as the step says',
  certainty: 'shown',
};

function tlsPort(findings: Findings): CauseRow | undefined {
  const isShown = findings.about.transport === 'tcp' && gotIn(findings, 'handshake');
  return isShown ? { ...tlsPortRow(findings), certainty: 'shown' } : undefined;
}

function tlsPortRow({ about }: Findings): CauseRow {
  return {
    cause: 'tls-port',
    words: `port ${about.port} speaks TLS, and the device does not`,
    mend: `write mqtts:// in ${about.setting('mqtt')}, or the port without TLS, as a rule 1883`,
  };
}

/** Under TLS 1.3 a service judges the client's certificate only after the handshake; it may close without saying why. */
function wantedCertificate(findings: Findings): CauseRow | undefined {
  const { about } = findings;
  const told = trialOf(findings, 'handshake');
  if (about.transport !== 'tls' || told?.isTelling !== true) return undefined;
  const certainty = told.failure?.step === 'tls' ? 'shown' : undefined;
  const how = 'the service ends the connection as soon as the handshake is over';
  if (about.hasCertificate) {
    return {
      cause: 'client-certificate-refused',
      words: `${how}: it does not accept the certificate of the device`,
      mend: `have it issued by the CA that the service trusts, not expired, not revoked; check ${about.setting('clientCert')}`,
      certainty,
    };
  }
  return {
    cause: 'client-certificate-wanted',
    words: `${how}: it wants a certificate of the device`,
    mend: `name certificate and private key in ${about.setting('clientCert')}, or per device in the columns ClientCert and ClientKey of the list`,
    certainty,
  };
}

function timeoutCauses(findings: Findings): CauseRow[] {
  const answersOthers = gotIn(findings, 'hello');
  const hangs: CauseRow = {
    cause: 'service-hangs',
    words: `the service accepts connections and does not answer CONNECT${answersOthers ? ' of this device, though it answers nobody in particular' : ': it hangs, or is overloaded'}`,
    mend: answersOthers
      ? 'see its log for this device: a kept session or a lookup of its credentials may hang'
      : 'see its log and its load, and the store of credentials that it asks',
  };
  return [hangs, otherService(findings)];
}

function closedCauses(findings: Findings): CauseRow[] {
  const { about } = findings;
  const rejects: CauseRow = {
    cause: 'closes-on-refusal',
    words: 'the service closes on a login that it refuses, and says nothing',
    mend: `check ${about.mode === 'password' ? 'user name, password and client id' : 'secret, product key and device name'}; its log has the reason`,
  };
  const balancer: CauseRow = {
    cause: 'nothing-behind',
    words: 'a load balancer or proxy takes the connection, and no service stands behind it',
    mend: 'see its log and its health checks; a service behind a proxy may expect the PROXY protocol (target.proxyProtocol)',
  };
  return [rejects, otherService(findings), balancer];
}

function otherService({ about }: Findings): CauseRow {
  return {
    cause: 'other-service',
    words: `what answers at ${about.host}:${about.port} is not an MQTT service`,
    mend: `correct host and port of ${about.setting('mqtt')}`,
  };
}
