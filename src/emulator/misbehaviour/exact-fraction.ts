import { uniformAt } from '../../plan/random.ts';

/** Far below one part of any fraction a scenario can name, far above the rounding of the product. */
const ROUNDING = 1e-9;

/**
 * Picks a fraction of all arrivals, at random but evenly: they are divided into stretches of 1 / fraction, and one of each stretch is
 * drawn. So of the first n, n x fraction are picked, give or take one, and exactly that many where it is whole: the count is known before
 * the run. For more than half, the ones not to be picked are drawn.
 */
export class ExactFraction {
  /** The fraction that is drawn: the picked ones, or the others. */
  readonly #drawn: number;
  readonly #picksDrawn: boolean;
  readonly #stream: number;
  #seen = 0;
  /** The current stretch ends before `#end`, and `#lot` is drawn; both count all arrivals. */
  #stretch = -1;
  #end = 0;
  #lot = -1;

  /** `fraction`: 0 to 1. `stream`: seed of the draws (`streamSeed`). */
  constructor(fraction: number, stream: number) {
    this.#picksDrawn = fraction <= 0.5;
    this.#drawn = this.#picksDrawn ? fraction : 1 - fraction;
    this.#stream = stream;
  }

  /** Whether the next one is picked. */
  next(): boolean {
    if (this.#seen === this.#end) this.#nextStretch();
    const isDrawn = this.#seen === this.#lot;
    this.#seen += 1;
    return isDrawn === this.#picksDrawn;
  }

  #nextStretch(): void {
    const start = this.#end;
    this.#stretch += 1;
    // The first n whose floor(n x fraction) is one more than before; never reached when nothing is drawn.
    this.#end = Math.max(start + 1, Math.ceil((this.#stretch + 1 - ROUNDING) / this.#drawn));
    this.#lot = start + Math.floor(uniformAt(this.#stream, this.#stretch, 0) * (this.#end - start));
  }
}
