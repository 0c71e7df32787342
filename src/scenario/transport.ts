import type { Fleet } from '../device/fleet.ts';
import type { Transport } from '../link/port.ts';
import type { Scenario, Target } from './scenario.ts';

/**
 * What the MQTT connections of a fleet run over: what the fleet says, else what the target says. A target that does not say, the
 * emulator, is met over TLS by devices that log in with a token, as the service advises (protocol section 3), and over TCP by others.
 */
export function transportOf({ transport, auth }: Pick<Fleet, 'transport' | 'auth'>, target: Target): Transport {
  return transport ?? target.transport ?? (auth.mode === 'https-token' ? 'tls' : 'tcp');
}

/** True when any fleet logs in over HTTPS. */
export function hasTokenLogins({ fleets }: Pick<Scenario, 'fleets'>): boolean {
  return fleets.some(({ auth }) => auth.mode === 'https-token');
}

/** True when any connection of the scenario needs TLS. */
export function needsTls({ fleets, target }: Scenario): boolean {
  const isAuthSecure = target.kind === 'emulator' || target.auth?.isSecure === true;
  return fleets.some((fleet) => transportOf(fleet, target) === 'tls') || (isAuthSecure && hasTokenLogins({ fleets }));
}
