import { CONNACK_NAMES, type Outcome, type Phase } from '../results/outcome.ts';
import { formatUs } from '../time/units.ts';
import { CONNACK_LENGTH } from './mqtt/connack.ts';
import type { Endpoint, LinkFailure } from './port.ts';
import { errorCode } from './socket/error-code.ts';
import { isTlsError, tlsDetailOf } from './socket/tls.ts';

/** Errnos that mean this machine has run out of something: descriptors, ports, memory. */
const RAN_OUT: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'EAGAIN',
  'ENOBUFS',
  'ENOMEM',
  'EAI_MEMORY',
]);

/** Outcomes of other errnos. */
const OUTCOME_OF_ERRNO: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'tcp-refused',
  EHOSTUNREACH: 'tcp-refused',
  EHOSTDOWN: 'tcp-refused',
  ENETUNREACH: 'tcp-refused',
  ENETDOWN: 'tcp-refused',
  ECONNRESET: 'tcp-reset',
  ECONNABORTED: 'tcp-reset',
  EPIPE: 'tcp-reset',
  ETIMEDOUT: 'tcp-timeout',
};

/**
 * Outcomes, by phase, of errors without a listed errno: EACCES and EPERM from a firewall, EAFNOSUPPORT on a machine without IPv6, a
 * stream's own.
 */
const OUTCOME_OF_PHASE: Readonly<Record<Phase, Outcome>> = {
  auth: 'auth-failed',
  dns: 'dns-failed',
  tcp: 'tcp-refused',
  tls: 'tls-failed',
  mqtt: 'tcp-reset',
};

/**
 * Classifies an error of an attempt. Only an errno counts as a local limit, because nothing more is started once this machine has run out
 * of something: no error that a service can provoke may look like one.
 */
export function failureOf(error: Error, phase: Phase, endpoint: Endpoint): LinkFailure {
  const code = errorCode(error);
  if (code !== undefined && RAN_OUT.has(code)) {
    return { outcome: 'local-limit', phase, detail: detailOf(error, endpoint) };
  }
  if (phase === 'tls' || isTlsError(error)) {
    return { outcome: 'tls-failed', phase: 'tls', detail: tlsDetailOf(error, addressOf(endpoint)) };
  }
  const outcome = (code === undefined ? undefined : OUTCOME_OF_ERRNO[code]) ?? OUTCOME_OF_PHASE[phase];
  return { outcome, phase, detail: detailOf(error, endpoint) };
}

/** True if the error comes from the system or TLS rather than a library. */
export function isOfConnection(error: Error): boolean {
  const code = errorCode(error);
  return isTlsError(error) || (code !== undefined && (RAN_OUT.has(code) || OUTCOME_OF_ERRNO[code] !== undefined));
}

/** True if another process on this machine holds the local port, or it is still in TIME_WAIT. */
export function isPortTaken(error: Error): boolean {
  const code = errorCode(error);
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL';
}

/** Describes the cause: the errno and the address, or the message if there is no errno. */
export function detailOf(error: Error, endpoint: Endpoint): string {
  return `${errorCode(error) ?? error.message} ${addressOf(endpoint)}`;
}

/** `host:port`, an IPv6 address in brackets. */
export function addressOf({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The service sent something that MQTT does not allow. */
export function protocolError(detail: string): LinkFailure {
  return { outcome: 'protocol-error', phase: 'mqtt', detail };
}

/** The service refused the login. */
export function refusal(code: number): LinkFailure {
  return { outcome: `refused-${code}`, phase: 'mqtt', detail: `CONNACK ${code}: ${CONNACK_NAMES[code]}` };
}

/** The connection ended before CONNACK was complete; `connackBytes` of it had arrived. */
export function closedEarly(how: string, phase: Phase, endpoint: Endpoint, connackBytes: number): LinkFailure {
  const detail = `${how} ${addressOf(endpoint)}${partial(connackBytes)}`;
  return { outcome: 'closed-before-connack', phase, detail };
}

/** No local port is free. */
export function noPortLeft(endpoint: Endpoint): LinkFailure {
  return { outcome: 'local-limit', phase: 'tcp', detail: `no local port left for ${addressOf(endpoint)}` };
}

/** The deadline of the whole opening passed in this phase. */
export function deadlineFailure(phase: Phase, endpoint: Endpoint, withinUs: number, connackBytes: number): LinkFailure {
  const within = `from ${addressOf(endpoint)} within ${formatUs(withinUs)}`;
  switch (phase) {
    case 'dns':
      return {
        outcome: 'dns-failed',
        phase,
        detail: `no address of ${endpoint.host} within ${formatUs(withinUs)}`,
      };
    case 'tcp':
      return { outcome: 'tcp-timeout', phase, detail: `no answer ${within}` };
    case 'tls':
      return { outcome: 'tls-failed', phase, detail: `timeout: no TLS handshake ${within}` };
    default:
      return { outcome: 'connack-timeout', phase, detail: `no CONNACK ${within}${partial(connackBytes)}` };
  }
}

function partial(connackBytes: number): string {
  return connackBytes === 0 ? '' : `, ${connackBytes} of ${CONNACK_LENGTH} bytes of CONNACK came`;
}
