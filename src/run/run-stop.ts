import { deferred } from '../time/deferred.ts';

/** How a run was asked to end before its time: its sessions end in order, or whatever is under way is left as it is. */
export type StopMode = 'none' | 'in-order' | 'at-once';

/** Somebody's wish that a run end. Asked once, it ends in order; asked again, at once. What was measured is written either way. */
export class RunStop {
  #mode: StopMode = 'none';
  readonly #asked = deferred<void>();
  readonly #askedAtOnce = deferred<void>();

  get mode(): StopMode {
    return this.#mode;
  }

  /** Settles when the run is to end, one way or the other. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Settles when the run is to end at once. */
  get askedAtOnce(): Promise<void> {
    return this.#askedAtOnce.promise;
  }

  /** The next step: in order first, then at once. */
  ask(): void {
    if (this.#mode === 'none') {
      this.askInOrder();
      return;
    }
    this.#mode = 'at-once';
    this.#askedAtOnce.resolve();
  }

  /** Asking for it again changes nothing. */
  askInOrder(): void {
    if (this.#mode !== 'none') return;
    this.#mode = 'in-order';
    this.#asked.resolve();
  }
}
