import { CONNACK_NAMES, type Phase } from '../results/outcome.ts';
import { formatUs } from '../time/units.ts';
import { addressOf } from './failures.ts';
import { CONNACK_LENGTH } from './mqtt/connack.ts';
import type { Endpoint, LinkFailure } from './port.ts';

/** The service refused the login. */
export function refusal(code: number): LinkFailure {
  return { outcome: `refused-${code}`, phase: 'mqtt', detail: `CONNACK ${code}: ${CONNACK_NAMES[code]}` };
}

/** The connection ended before CONNACK, of which `connackBytes` had come. */
export function closedEarly(how: string, phase: Phase, endpoint: Endpoint, connackBytes: number): LinkFailure {
  const detail = `${how} ${addressOf(endpoint)}${partial(connackBytes)}`;
  return { outcome: 'closed-before-connack', phase, detail };
}

/** No local end of a connection is free. */
export function noPortLeft(endpoint: Endpoint): LinkFailure {
  return { outcome: 'local-limit', phase: 'tcp', detail: `no local port left for ${addressOf(endpoint)}` };
}

/** The time for the whole opening was over in this phase. */
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
