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
/** Looking costs a few microseconds and a kilobyte; with the greediest client a tenth fills up in this time. */
const LOOK_EVERY_US = 10 * US_PER_MS;

/**
 * Collects the young generation in moments in which no attempt is under way. Left to itself V8 does that as soon as it is nearly full, and
 * what fills it are attempts: those under way then look a few milliseconds slower than they were. Where there is no such moment, as
 * answers take their time or logins come one upon the other, V8 does as it always does.
 */
export class QuietCollector {
  readonly #clock: Clock;
  readonly #isQuiet: () => boolean;
  readonly #young: YoungGeneration | undefined;
  #nextLookUs = 0;

  /** `young` undefined: this V8 cannot be asked to collect, and nothing is done. */
  constructor(clock: Clock, isQuiet: () => boolean, young: YoungGeneration | undefined = YOUNG_GENERATION) {
    this.#clock = clock;
    this.#isQuiet = isQuiet;
    this.#young = young;
  }

  /** An attempt has ended, and for all its fleet knows it was the last one under way. */
  onQuiet(): void {
    const nowUs = this.#clock.nowUs();
    if (nowUs < this.#nextLookUs) return;
    this.#nextLookUs = nowUs + LOOK_EVERY_US;
    // What else the event loop has found ready comes first.
    setImmediate(this.#look);
  }

  readonly #look = (): void => {
    const young = this.#young;
    if (young !== undefined && this.#isQuiet() && young.fill() >= WORTHWHILE_FILL) young.collect();
  };
}

/** This thread's; undefined where V8 does not hand out its `gc`. */
export function youngGeneration(): YoungGeneration | undefined {
  // Contexts that are made while the flag is set know `gc`.
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof gc !== 'function') return undefined;
  return { fill: youngFill, collect: () => void Reflect.apply(gc, undefined, [{ type: 'minor' }]) };
}

/** Found once a thread, as it takes a context of its own. */
const YOUNG_GENERATION = youngGeneration();

function youngFill(): number {
  for (const { space_name, space_used_size, space_available_size } of getHeapSpaceStatistics()) {
    if (space_name === 'new_space') return space_used_size / (space_used_size + space_available_size);
  }
  return 0;
}
