import type { Client } from 'aedes';

/** Counts the topic filters of each session, if the profile limits them (docs/protocol.md section 4). */
export class SubscriptionLimit {
  readonly #max: number | undefined;
  readonly #filtersOf = new WeakMap<Client, Set<string>>();

  /** `max` undefined: no limit. */
  constructor(max: number | undefined) {
    this.#max = max;
  }

  /** Records the filter unless it would be one too many. Subscribing to a filter again replaces it [MQTT-3.8.4-3]. */
  admits(client: Client, filter: string): boolean {
    if (this.#max === undefined) return true;
    const filters = this.#filtersOf.get(client) ?? new Set();
    this.#filtersOf.set(client, filters);
    if (!filters.has(filter) && filters.size >= this.#max) return false;
    filters.add(filter);
    return true;
  }

  /** Frees the room of unsubscribed filters. */
  release(client: Client, filters: readonly string[]): void {
    for (const filter of filters) this.#filtersOf.get(client)?.delete(filter);
  }
}
