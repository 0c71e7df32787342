import type { TlsFailure } from '../attempt/failure.ts';
import { alertName } from '../tls/tls-words.ts';
import { type CauseRow, type CauseTable, rowIf } from './cause-row.ts';
import { type Findings, gotIn } from './findings.ts';
import { hostOf } from './reach-causes.ts';

/** Alerts with which a service refuses a certificate that it was shown. */
const REFUSES_CERTIFICATE =
  /UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED/;
/** Alerts with which services answer when no certificate came. */
const WANTS_CERTIFICATE = /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|NO_CERTIFICATE|CERTIFICATE_UNKNOWN/;

/** Why a handshake fails, apart from certificates of the service. */
export const tlsCauses: CauseTable = (findings) => {
  const { kind, reason } = findings.failure as TlsFailure;
  if (gotIn(findings, 'plain-hello')) return [plainPort(findings, 'shown')];
  switch (kind) {
    case 'not-tls':
      return [plainPort(findings), otherProtocol(findings)];
    case 'closed':
      return [plainPort(findings), ...certificateWanted(findings), meddled(findings)];
    case 'timeout':
      return [plainPort(findings), hangs(findings), meddled(findings)];
    case 'alert':
      return alertCauses(findings, reason);
    default:
      return [weak(findings, reason), otherProtocol(findings)];
  }
};

/** The device cannot use its own certificate. */
export const ownCertificateCauses: CauseTable = ({ about }) => [
  {
    cause: 'own-certificate',
    words: 'the certificate or private key of the device cannot be used',
    mend: `name a certificate and the key that belongs to it, both PEM, in ${about.setting('clientCert')} or in the row of the device`,
    certainty: 'shown',
  },
];

function alertCauses(findings: Findings, reason: string): CauseRow[] {
  const { about } = findings;
  const name = alertName(reason);
  const refused = about.hasCertificate && REFUSES_CERTIFICATE.test(reason);
  if (refused) return [certificateRefused(findings, name)];
  if (WANTS_CERTIFICATE.test(reason)) {
    const isSaid = reason.includes('CERTIFICATE_REQUIRED');
    return [...certificateWanted(findings, isSaid ? 'shown' : undefined), ...rowIf(!isSaid, noCommon(findings))];
  }
  if (reason.includes('UNRECOGNIZED_NAME')) return [otherName(findings)];
  if (reason.includes('PROTOCOL_VERSION')) return [otherVersion(findings)];
  if (reason.includes('APPLICATION_PROTOCOL')) return [otherAlpn(findings)];
  return [noCommon(findings), ...certificateWanted(findings)];
}

function plainPort(findings: Findings, certainty?: 'shown'): CauseRow {
  const { about } = findings;
  const isAuth = findings.failure.side === 'auth';
  return {
    cause: 'plain-port',
    words: isAuth ? 'the port of the auth service does not speak TLS' : `port ${about.port} speaks MQTT without TLS`,
    mend: isAuth
      ? `write http:// in ${about.setting('auth')}, or the port that speaks HTTPS`
      : `write mqtt:// in ${about.setting('mqtt')}, or better the port that speaks TLS, as a rule 8883`,
    certainty,
  };
}

function otherProtocol(findings: Findings): CauseRow {
  return {
    cause: 'other-protocol',
    words: `another kind of service answers at ${hostOf(findings)}`,
    mend: `correct host and port of ${findings.about.setting(findings.failure.side)}`,
  };
}

/** `certainty`: `shown` if the service says so. */
function certificateWanted({ about }: Findings, certainty?: 'shown'): CauseRow[] {
  const how = about.hasCertificate
    ? 'another certificate of the device than the one it shows'
    : 'a certificate of the device, and it shows none';
  return [
    {
      cause: 'client-certificate-wanted',
      words: `the service wants ${how}`,
      mend: `name certificate and private key in ${about.setting('clientCert')}, or per device in the columns ClientCert and ClientKey of the list`,
      certainty,
    },
  ];
}

function certificateRefused({ about }: Findings, alert: string): CauseRow {
  return {
    cause: 'client-certificate-refused',
    words: `the service does not accept the certificate of the device: ${alert}`,
    mend: `have it issued by the CA that the service trusts, not expired, not revoked; check ${about.setting('clientCert')}`,
    certainty: 'shown',
  };
}

function otherName(findings: Findings): CauseRow {
  return {
    cause: 'server-name',
    words: 'the service has nothing under the name that was asked for (SNI)',
    mend: `use the host name of the service in ${findings.about.setting('mqtt')}, or set ${findings.about.setting('serverName')}`,
    certainty: 'shown',
  };
}

function otherVersion({ about }: Findings): CauseRow {
  return {
    cause: 'tls-version',
    words: 'both sides have no version of TLS in common',
    mend: `check ${about.setting('minVersion')}; have the service offer TLS 1.2 or 1.3`,
    certainty: 'shown',
  };
}

function otherAlpn({ about }: Findings): CauseRow {
  return {
    cause: 'alpn',
    words: 'the service does not speak the protocols that were offered by ALPN',
    mend: `correct ${about.setting('alpn')}: AWS IoT wants x-amzn-mqtt-ca at port 443`,
    certainty: 'shown',
  };
}

function noCommon(findings: Findings): CauseRow {
  return {
    cause: 'no-common-cipher',
    words: 'both sides have no cipher or kind of key in common',
    mend: `see which ones ${hostOf(findings)} offers: openssl s_client -connect HOST:PORT`,
  };
}

function weak(findings: Findings, reason: string): CauseRow {
  return {
    cause: 'weak-tls',
    words: `OpenSSL does not go on with what ${hostOf(findings)} offers: ${reason.toLowerCase().replaceAll('_', ' ')}`,
    mend: 'have the service use keys, hashes and a version of TLS that are not outdated',
  };
}

function hangs(findings: Findings): CauseRow {
  return {
    cause: 'service-hangs',
    words: `the service at ${hostOf(findings)} accepts connections and answers nobody: it hangs, or is overloaded`,
    mend: 'see its log and its load',
  };
}

function meddled(findings: Findings): CauseRow {
  return {
    cause: 'meddled',
    words: `something before ${hostOf(findings)} ends TLS connections: a firewall that looks into them, a load balancer without a service behind it`,
    mend: 'try from another network; see the log of the load balancer',
  };
}
