import { deferred } from '../time/deferred.ts';

/** How a run was asked to end early: its sessions end in order, or everything under way is abandoned. */
export type StopMode = 'none' | 'in-order' | 'at-once';

/** A request to end a run early. The first request ends it in order, the second at once. Measurements are written either way. */
export class RunStop {
  #mode: StopMode = 'none';
  readonly #asked = deferred<void>();
  readonly #askedAtOnce = deferred<void>();

  get mode(): StopMode {
    return this.#mode;
  }

  /** Settles once the run has been asked to end, in either mode. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Settles once the run has been asked to end at once. */
  get askedAtOnce(): Promise<void> {
    return this.#askedAtOnce.promise;
  }

  /** Asks once more: first for an end in order, then for one at once. */
  ask(): void {
    if (this.#mode === 'none') {
      this.askInOrder();
      return;
    }
    this.#mode = 'at-once';
    this.#askedAtOnce.resolve();
  }

  /** Repeated calls change nothing. */
  askInOrder(): void {
    if (this.#mode !== 'none') return;
    this.#mode = 'in-order';
    this.#asked.resolve();
  }
}
