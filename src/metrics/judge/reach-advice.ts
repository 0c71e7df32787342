import { authCodeOf, connackCodeOf } from '../../results/outcome.ts';

/** What to change when logins end this way; the key is the beginning of a detail. */
interface Advice {
  readonly words: string;
  readonly byDetail?: Readonly<Record<string, string>>;
}

const WRONG_PORT =
  'check host and port, and whether that port speaks MQTT as written: mqtt:// for plain TCP, mqtts:// for TLS';

/** Reasons of a failed handshake, as links name them. */
const TLS_ADVICE: Readonly<Record<string, string>> = {
  untrusted: 'name the CA that signed the certificate of the service in `target.tls.ca`',
  expired: 'renew the certificate of the service, and check the clocks of both machines',
  'not yet valid': 'check the clocks of both machines, or renew the certificate of the service',
  name: 'use the host name that the certificate is for, or set it as `target.tls.serverName`',
  'handshake: the answer is not TLS':
    'that port does not speak TLS: write mqtt:// (http:// of `target.auth`), or the port that does',
  'handshake: TLSV13_ALERT_CERTIFICATE_REQUIRED':
    'the service asks devices for a certificate: name one in `target.tls.clientCert` and `clientKey`, or one per device in the CSV file',
  timeout: 'nothing answers the TLS handshake: check the port, or write mqtt:// if it is one without TLS',
};

const ADVICE: Readonly<Record<string, Advice>> = {
  'dns-failed': { words: 'check the spelling of the host name, and whether this machine can resolve it' },
  'tcp-refused': { words: 'nothing listens there: start the service, or correct host and port' },
  'tcp-reset': {
    words: 'the service, or something in front of it, ends connections at once: see its log and its limits',
  },
  'tcp-timeout': { words: 'nothing answers there: check the address, and firewalls on the way' },
  'tls-failed': { words: WRONG_PORT, byDetail: TLS_ADVICE },
  'closed-before-connack': {
    words: `the service closes without an answer to CONNECT: see its log, and ${WRONG_PORT}`,
  },
  'connack-timeout': { words: `nothing answers CONNECT: ${WRONG_PORT}` },
  'protocol-error': {
    words: 'what answers is not an MQTT service: correct host and port',
    byDetail: {
      'first byte 0x15': 'that port speaks TLS: write mqtts://',
      'first byte 0x48': 'what answers is a web server: correct host and port',
    },
  },
};

const CONNACK_ADVICE: Readonly<Record<number, string>> = {
  1: 'the service wants another version of MQTT',
  2: 'the service does not accept these client ids or keepalives: see its log, and `auth` and `keepalive` of the fleet',
  3: 'the service accepts no logins now, or none from these devices: see its log and its limits',
  4: 'the service does not accept these credentials: check `auth`, the secrets of the devices, and the clock of this machine',
  5: 'the service does not know these devices, or does not admit them: check `productKey`, `devices` and `auth`',
};

const AUTH_ADVICE: Readonly<Record<number, string>> = {
  401: 'the auth service does not accept these signatures: check the secrets of the devices and `auth`',
  429: 'the auth service accepts fewer logins: see its limits',
  460: 'the auth service does not accept these requests: check `auth` and the address of `target.auth`',
  5001: 'the auth service does not know these devices: check `productKey` and `devices`',
  6200: 'these devices are set up for another kind of login at the service',
};

/** What to change if nothing is accepted and logins end with this outcome and detail; without a full stop at the end. */
export function reachAdvice(outcome: string, detail = ''): string {
  const [connack, auth] = [connackCodeOf(outcome), authCodeOf(outcome)];
  const byCode = connack === undefined ? AUTH_ADVICE[auth ?? -1] : CONNACK_ADVICE[connack];
  if (byCode !== undefined) return byCode;
  const { words, byDetail = {} } = ADVICE[outcome.replace(/^auth-/, '')] ?? { words: SEE_LOG };
  const [, special] = Object.entries(byDetail).find(([start]) => detail.startsWith(start)) ?? [];
  return special ?? words;
}

const SEE_LOG = 'see the log of the service for why it refuses them';
