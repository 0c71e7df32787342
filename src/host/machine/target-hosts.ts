import { forbiddenHosts } from '../../link/socket/remote-hosts.ts';
import type { EmulatorTarget, MqttTarget, Scenario } from '../../scenario/scenario.ts';
import { hasTokenLogins } from '../../scenario/transport.ts';

/** Where the embedded emulator listens unless told otherwise. */
export const EMULATOR_HOST = '127.0.0.1';

/** The host that devices reach the embedded emulator by. */
export function emulatorHost({ listen }: EmulatorTarget): string {
  return listen?.reachableAs ?? listen?.host ?? EMULATOR_HOST;
}

/** Hosts that the run's connections go to, each once; hosts of devices whose product is known only from a CSV file are left out. */
export function targetHosts(scenario: Scenario): string[] {
  const { target, fleets } = scenario;
  if (target.kind === 'emulator') return [emulatorHost(target)];
  const mqtt = fleets.flatMap(({ productKey }) => mqttHost(target, productKey) ?? []);
  const auth = hasTokenLogins(scenario) && target.auth !== undefined ? [target.auth.host] : [];
  return [...new Set([...mqtt, ...auth])];
}

/** The host of a fleet's MQTT connections; undefined if it differs from device to device. */
export function mqttHost({ host }: MqttTarget, productKey: string | undefined): string | undefined {
  if (!host.includes(`\${productKey}`)) return host;
  return productKey === undefined ? undefined : host.replaceAll(`\${productKey}`, productKey);
}

/**
 * Hosts of the target that are not this machine and were not `allowed` by name. Allowing the target as it is written allows every host it
 * expands to.
 */
export function remoteTargets({ target, fleets }: Scenario, allowed: readonly string[]): string[] {
  // That an address is this machine's own shows when the emulator listens on it; a name may be that of any machine.
  if (target.kind === 'emulator') return forbiddenHosts([target.listen?.reachableAs ?? EMULATOR_HOST], allowed);
  const hosts = fleets.map(({ productKey }) =>
    target.host.replaceAll(`\${productKey}`, productKey ?? `\${productKey}`),
  );
  const authHosts = target.auth === undefined ? [] : [target.auth.host];
  return forbiddenHosts(allowed.includes(target.host) ? authHosts : [...hosts, ...authHosts], allowed);
}
