import { MAX_NEVER_ONLINE } from '../../results/never-online-limit.ts';
import type { NeverOnlineDevice } from '../../results/summary/never-online.ts';

/**
 * The first devices, by fleet and place in it, of those that workers report as never online. Each worker reports its own first ones, so the
 * result does not depend on how many workers there are.
 */
export class NeverOnlineDevices {
  readonly #fleets: readonly string[];
  #first: NeverOnlineDevice[] = [];

  /** `fleets`: names in the order of the scenario. */
  constructor(fleets: readonly string[]) {
    this.#fleets = fleets;
  }

  get first(): readonly NeverOnlineDevice[] {
    return this.#first;
  }

  add(devices: readonly NeverOnlineDevice[]): void {
    if (devices.length === 0) return;
    const placeOf = ({ fleet }: NeverOnlineDevice): number => this.#fleets.indexOf(fleet);
    this.#first = [...this.#first, ...devices]
      .sort((a, b) => placeOf(a) - placeOf(b) || a.index - b.index)
      .slice(0, MAX_NEVER_ONLINE);
  }
}
