import { nearestName } from '../../text/nearest-name.ts';

/**
 * Adjustments to the machine that improve the latencies of a run's first seconds; counts are the same without them. Each is switched off
 * by its name after `no-`.
 */
export const TUNINGS = [
  /** Worker threads play a small run before the real one. */
  'warm-up',
  /** The emulator handles some uncounted logins before it serves. */
  'emulator-warm-up',
  /** Worker threads collect garbage while no attempt is under way. */
  'quiet-collections',
  /** Worker threads may hold more memory before their first full collection than Node allows them. */
  'large-first-heap',
  /** Worker threads make new objects in a smaller part of memory than Node gives them. */
  'small-young-heap',
  /** V8's compiler threads run at a lower priority than those that play sessions. */
  'compiler-threads',
  /** The table of open files is grown to the size the run needs before its first attempt. */
  'descriptor-table',
] as const;

export type TuningName = (typeof TUNINGS)[number];

/** The tunings in force. */
export type Tuning = ReadonlySet<TuningName>;

/** Environment variable that switches tunings off. */
export const TUNING_VARIABLE = 'FLEETSTORM_TUNING';

export const ALL_TUNINGS: Tuning = new Set(TUNINGS);
export const NO_TUNING: Tuning = new Set();

/** The parsed setting, or why it cannot be used. */
export type ReadTuning =
  | { readonly ok: true; readonly tuning: Tuning }
  | { readonly ok: false; readonly fault: string };

/**
 * Reads `FLEETSTORM_TUNING`: `off` disables all tunings, a list such as `no-warm-up,no-compiler-threads` disables some; if it is not set,
 * all are enabled.
 */
export function tuningIn(environment: Readonly<Record<string, string | undefined>>): ReadTuning {
  const words = (environment[TUNING_VARIABLE] ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== 'on');
  const unknown = words.find((word) => word !== 'off' && offSwitchOf(word) === undefined);
  if (unknown !== undefined) return { ok: false, fault: unknownFault(unknown) };
  if (words.includes('off')) return { ok: true, tuning: NO_TUNING };
  const off = new Set(words.map(offSwitchOf));
  return { ok: true, tuning: new Set(TUNINGS.filter((name) => !off.has(name))) };
}

function offSwitchOf(word: string): TuningName | undefined {
  return TUNINGS.find((name) => word === `no-${name}`);
}

function unknownFault(word: string): string {
  const known = ['off', ...TUNINGS.map((name) => `no-${name}`)];
  const meant = nearestName(word, known);
  const hint = meant === undefined ? '' : `did you mean ${meant}? `;
  return `${TUNING_VARIABLE} does not know ${word}: ${hint}It takes ${known.join(', ')}, with commas between them`;
}
