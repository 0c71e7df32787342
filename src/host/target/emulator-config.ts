import type { Fleet } from '../../device/fleet.ts';
import type { EmulatorConfig, RegistrySource } from '../../emulator/contract/config.ts';
import type { EmulatorTarget, Scenario } from '../../scenario/scenario.ts';
import { hasTokenLogins, needsTls } from '../../scenario/transport.ts';
import { EMULATOR_HOST, emulatorHost } from '../machine/target-hosts.ts';

/** The embedded emulator that a scenario needs: its devices, and TLS and the auth service only where somebody uses them. */
export function emulatorConfig(scenario: Scenario, target: EmulatorTarget): EmulatorConfig {
  return {
    host: target.listen?.host ?? EMULATOR_HOST,
    port: target.listen?.port ?? 0,
    profile: target.profile,
    registry: scenario.fleets.flatMap((fleet) => registrySource(fleet, scenario.seed)),
    // Its only clients are this program's, which all accept ECDSA; generating RSA keys would delay the start by up to a second.
    tls: needsTls(scenario) ? { port: 0, keyKinds: ['ec'], names: [emulatorHost(target)] } : undefined,
    auth: hasTokenLogins(scenario) ? { port: 0, ...target.tokens, mqttHost: target.listen?.reachableAs } : undefined,
    limits: target.limits,
    seed: scenario.seed,
  };
}

/**
 * The devices of a fleet for the emulator's registry; none if they have no product, which devices that log in with a password do not need.
 */
function registrySource({ devices, productKey, name, auth }: Fleet, seed: number): RegistrySource[] {
  if (devices.kind === 'csv') {
    return [{ kind: 'csv', path: devices.path, productKey, isPartial: auth.mode === 'password' }];
  }
  return productKey === undefined
    ? []
    : [{ kind: 'generated', productKey, fleet: name, count: devices.turns?.of ?? devices.count, seed }];
}
