import { isLoopbackHost } from '../../link/socket/loopback.ts';
import type { LoginSubject } from '../subject/login-subject.ts';

/** The platform allows a device five CONNECTs a minute (docs/protocol.md section 4). */
const SPACING_US = 13_000_000;

/** The time between two CONNECTs of a device. A service on this machine has no limits that anybody else needs. */
export function usualSpacingUs({ endpoint }: Pick<LoginSubject, 'endpoint'>): number {
  return isLoopbackHost(endpoint.host) ? 0 : SPACING_US;
}
