import { addressOf } from '../link/failures.ts';
import type { EmulatorTarget, MqttTarget } from './scenario.ts';

/** Names in results of the addresses of a service that has several, in the order of the scenario; empty for a single one. */
export function addressNames({
  target,
}: {
  readonly target: Pick<EmulatorTarget, 'kind'> | Pick<MqttTarget, 'kind' | 'addresses'>;
}): string[] {
  return target.kind === 'emulator' || target.addresses.length === 1 ? [] : target.addresses.map(addressOf);
}
