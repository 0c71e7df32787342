import type { LoginSurroundings } from './surroundings.ts';

/** How long a login may take, over all its steps, as a device has it. */
export class Deadline {
  readonly #surroundings: Pick<LoginSurroundings, 'nowUs'>;
  readonly #endUs: number;

  constructor(surroundings: Pick<LoginSurroundings, 'nowUs'>, withinUs: number) {
    this.#surroundings = surroundings;
    this.#endUs = surroundings.nowUs() + withinUs;
  }

  /** At least one, so that a step can end by itself. */
  get leftMs(): number {
    return Math.max(1, (this.#endUs - this.#surroundings.nowUs()) / 1_000);
  }

  /** What the promise settles with; undefined when it is not in time. */
  async within<T>(promise: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.leftMs);
    });
    const first = await Promise.race([promise, late]);
    clearTimeout(timer);
    return first;
  }
}
