import type { Fleet } from '../device/fleet.ts';
import type { Transport } from '../link/port.ts';
import type { Scenario, Target } from './scenario.ts';

/**
 * What the MQTT connections of a fleet run over: the fleet's choice, else the target's. Where the emulator leaves it open, devices that log
 * in with a token use TLS, as the service advises (docs/protocol.md section 3), and others TCP.
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
