import type { OnlineExtent } from '../measure/online-extent.ts';

/** Sessions online over all intervals so far, those of several workers added up. */
export class OnlineTotals {
  #peak = 0;
  #standing = 0;
  #atStop = 0;

  get wasAny(): boolean {
    return this.#peak > 0;
  }

  /** The next interval. */
  add({ max, standing, atStop }: Pick<OnlineExtent, 'max' | 'standing' | 'atStop'>): void {
    this.#peak = Math.max(this.#peak, max);
    this.#standing = standing;
    this.#atStop += atStop;
  }

  /**
   * The most that were online, and those that still were when their worker began to end them. Workers that are late tell what happened at one
   * instant in different intervals, so that no single interval need have had all of the latter.
   */
  figures(): { readonly peak: number; readonly last: number } {
    const last = this.#standing + this.#atStop;
    return { peak: Math.max(this.#peak, last), last };
  }
}
