import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../../time/clock.ts';
import { US_PER_MS } from '../../time/units.ts';

/** The part of a thread's heap in which objects are made. */
export interface YoungGeneration {
  /** How full it is, from 0 to 1. */
  fill(): number;
  /** Collects it now. */
  collect(): void;
}

/** V8 collects by itself once it is four fifths full. */
const WORTHWHILE_FILL = 0.5;
/** A look costs a few microseconds and a kilobyte; even the client that allocates most fills only a tenth of the space in this time. */
const LOOK_EVERY_US = 10 * US_PER_MS;

/**
 * Collects the young generation while no attempt is under way. Left to itself, V8 does so when it is nearly full, and since attempts fill
 * it, those under way then appear a few milliseconds slower than they were. If there is no quiet moment, because answers are slow or
 * logins overlap, V8 collects as usual.
 */
export class QuietCollector {
  readonly #clock: Clock;
  readonly #isQuiet: () => boolean;
  readonly #young: YoungGeneration | undefined;
  #nextLookUs = 0;

  /** Without `young`, as where this V8 cannot be asked to collect, nothing is done. */
  constructor(clock: Clock, isQuiet: () => boolean, young: YoungGeneration | undefined = YOUNG_GENERATION) {
    this.#clock = clock;
    this.#isQuiet = isQuiet;
    this.#young = young;
  }

  /** An attempt has ended, and it was the last one its fleet had under way. */
  onQuiet(): void {
    const nowUs = this.#clock.nowUs();
    if (nowUs < this.#nextLookUs) return;
    this.#nextLookUs = nowUs + LOOK_EVERY_US;
    // Whatever else the event loop has found ready goes first.
    setImmediate(this.#look);
  }

  readonly #look = (): void => {
    const young = this.#young;
    if (young !== undefined && this.#isQuiet() && young.fill() >= WORTHWHILE_FILL) young.collect();
  };
}

/** This thread's young generation; undefined where V8 does not expose `gc`. */
export function youngGeneration(): YoungGeneration | undefined {
  // Contexts created while the flag is set have `gc`.
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof gc !== 'function') return undefined;
  return { fill: youngFill, collect: () => void Reflect.apply(gc, undefined, [{ type: 'minor' }]) };
}

/** Looked up once per thread, because it takes a context of its own. */
const YOUNG_GENERATION = youngGeneration();

function youngFill(): number {
  for (const { space_name, space_used_size, space_available_size } of getHeapSpaceStatistics()) {
    if (space_name === 'new_space') return space_used_size / (space_used_size + space_available_size);
  }
  return 0;
}
