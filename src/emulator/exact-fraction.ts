/** Far below one part of any fraction a scenario can name, far above the rounding of the product. */
const ROUNDING = 1e-9;

/**
 * Picks a fraction of all that come, evenly: of the first n always floor(n x fraction), so that the count of those picked is known
 * before the run (error diffusion, as in Bresenham's line).
 */
export class ExactFraction {
  readonly #fraction: number;
  #seen = 0;
  #picked = 0;

  /** `fraction`: 0 to 1. */
  constructor(fraction: number) {
    this.#fraction = fraction;
  }

  /** Whether the next one is picked. */
  next(): boolean {
    this.#seen += 1;
    const due = Math.floor(this.#seen * this.#fraction + ROUNDING);
    if (due === this.#picked) return false;
    this.#picked = due;
    return true;
  }
}
