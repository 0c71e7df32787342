import type { Endpoint } from '../../link/port.ts';
import { forbiddenHosts } from '../../link/socket/remote-hosts.ts';
import type { EmulatorTarget, Scenario } from '../../scenario/scenario.ts';
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
  const mqtt = target.addresses.flatMap((address) =>
    fleets.flatMap(({ productKey }) => mqttHost(address, productKey) ?? []),
  );
  const auth = hasTokenLogins(scenario) && target.auth !== undefined ? [target.auth.host] : [];
  return [...new Set([...mqtt, ...auth])];
}

/** The host of a fleet's MQTT connections to an address; undefined if it differs from device to device. */
export function mqttHost({ host }: Endpoint, productKey: string | undefined): string | undefined {
  if (!host.includes(`\${productKey}`)) return host;
  return productKey === undefined ? undefined : host.replaceAll(`\${productKey}`, productKey);
}

/**
 * Hosts of the target that are not this machine and were not `allowed` by name. Allowing an address as it is written allows every host it
 * expands to.
 */
export function remoteTargets({ target, fleets }: Scenario, allowed: readonly string[]): string[] {
  // That an address is this machine's own shows when the emulator listens on it; a name may be that of any machine.
  if (target.kind === 'emulator') return forbiddenHosts([target.listen?.reachableAs ?? EMULATOR_HOST], allowed);
  const templates = target.addresses.map(({ host }) => host).filter((host) => !allowed.includes(host));
  const hosts = templates.flatMap((host) =>
    fleets.map(({ productKey }) => host.replaceAll(`\${productKey}`, productKey ?? `\${productKey}`)),
  );
  const authHosts = target.auth === undefined ? [] : [target.auth.host];
  return forbiddenHosts([...hosts, ...authHosts], allowed);
}
