import { uniformAt } from '../../plan/random.ts';

/** Far below one part of any fraction a scenario can name, far above the rounding of the product. */
const ROUNDING = 1e-9;

/**
 * Picks a fraction of all that come, at random but evenly: those that come are cut into stretches of 1 / fraction, and one of each stretch
 * is picked by lot. So of the first n, n x fraction are picked, give or take one, and exactly where that is whole: the count is known before
 * the run. Where more than half are to be picked, the others are what is drawn.
 */
export class ExactFraction {
  /** Of those that the lot falls on: the picked, or the others. */
  readonly #drawn: number;
  readonly #picksDrawn: boolean;
  readonly #stream: number;
  #seen = 0;
  /** The stretch under way ends before `#end`, and the lot falls on `#lot`; both count all that come. */
  #stretch = -1;
  #end = 0;
  #lot = -1;

  /** `fraction`: 0 to 1. `stream`: what the lots follow from (`streamSeed`). */
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
    // The first n of which floor(n x fraction) is one more than before; never, when nobody is drawn.
    this.#end = Math.max(start + 1, Math.ceil((this.#stretch + 1 - ROUNDING) / this.#drawn));
    this.#lot = start + Math.floor(uniformAt(this.#stream, this.#stretch, 0) * (this.#end - start));
  }
}
