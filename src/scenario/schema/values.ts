import { z } from 'zod';
import { grouped } from '../../text/counts.ts';
import {
  DURATION_PATTERN,
  exactDuration,
  exactRate,
  PERCENT_PATTERN,
  parseDurationUs,
  parsePercent,
  parseRatePerSec,
  RATE_PATTERN,
  US_PER_SEC,
} from '../../time/units.ts';

/**
 * The values that scenario keys are made of. In all schemas here, `error` says in words what was expected; `schema-faults.ts` builds the
 * fault around it.
 */

/** How a scenario is parsed: once. Generating code for its schema first, as zod does, would take longer. */
export const ONE_PARSE = { jitless: true } as const;

/** Largest number of devices of a scenario. */
export const MAX_DEVICES = 5_000_000;
const DAY_US = 86_400 * US_PER_SEC;
const MAX_RATE_PER_SEC = 1_000_000;
const MIN_RATE_PER_SEC = 1 / 3_600;

/** Bounds of a duration; `expected` says in words what is allowed if it is not only a duration. */
interface DurationRange {
  minUs?: number;
  maxUs?: number;
  wholeSec?: boolean;
  examples?: string[];
  expected?: string;
}

/** A duration's text as microseconds. */
export function duration(range: DurationRange = {}) {
  const { minUs = 1, maxUs = 30 * DAY_US, wholeSec = false, examples = ['10s', '1m30s', '500ms'] } = range;
  const whole = wholeSec ? ' in whole seconds' : '';
  const bounds = `a duration from ${exactDuration(minUs)} to ${exactDuration(maxUs)}${whole}, such as ${examples[0]}`;
  const error = range.expected ?? bounds;
  return z
    .string({ error })
    .regex(DURATION_PATTERN, { error })
    .transform((text, context) => {
      const us = parseDurationUs(text);
      if (us !== undefined && us >= minUs && us <= maxUs && (!wholeSec || us % US_PER_SEC === 0)) return us;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .meta({ examples, limits: `From ${exactDuration(minUs)} to ${exactDuration(maxUs)}${whole}.` });
}

/** A rate's text as events per second. */
export function rate({ allowZero = false } = {}) {
  const least = allowZero ? '0/s' : exactRate(MIN_RATE_PER_SEC);
  const error = `a rate from ${least} to ${exactRate(MAX_RATE_PER_SEC)}, such as 500/s or 30/m`;
  return z
    .string({ error })
    .regex(RATE_PATTERN, { error })
    .transform((text, context) => {
      const perSec = parseRatePerSec(text);
      const isIn = perSec !== undefined && perSec >= MIN_RATE_PER_SEC && perSec <= MAX_RATE_PER_SEC;
      if (perSec !== undefined && (isIn || (allowZero && perSec === 0))) return perSec;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .meta({ examples: ['500/s', '30/m'], limits: `From ${least} to ${exactRate(MAX_RATE_PER_SEC)}.` });
}

/** A part of a fleet. */
export type Portion = { readonly ratio: number } | { readonly count: number };

/** How many of `all` a part is. Percentages are rounded down; 12 digits keep 29% of 100 from being 28.999999999999996. */
export function portionCount(part: Portion, all: number): number {
  return 'count' in part ? part.count : Math.floor(Number((part.ratio * all).toPrecision(12)));
}

/** A part of a fleet: a percentage, or a number of devices. `isSome`: more than nothing. */
export function portion({ isSome = false } = {}) {
  const error = isSome
    ? 'a percentage above 0% and up to 100%, such as 50%, or a number above 0'
    : 'a percentage from 0% to 100%, such as 10%, or a number of devices';
  const percent = z
    .string({ error })
    .regex(PERCENT_PATTERN, { error })
    .transform((text, context): Portion => {
      const ratio = parsePercent(text);
      if (ratio !== undefined && ratio <= 1 && (ratio > 0 || !isSome)) return { ratio };
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    });
  const count = whole(isSome ? 1 : 0, MAX_DEVICES, error).transform((count): Portion => ({ count }));
  const limits = isSome
    ? 'Above 0% and up to 100%, or a number above 0.'
    : 'From 0% to 100%, rounded down, or a number.';
  return z.union([percent, count], { error }).meta({ examples: ['50%', 100], limits });
}

/** A percentage as a ratio of 0..1. */
export function ratio() {
  const error = 'a percentage from 0% to 100%, such as 10%';
  return z
    .string({ error })
    .regex(PERCENT_PATTERN, { error })
    .transform((text, context) => {
      const value = parsePercent(text);
      if (value !== undefined && value <= 1) return value;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    })
    .meta({ examples: ['10%'], limits: 'From 0% to 100%.' });
}

/** A whole number between bounds. */
export function whole(min: number, max: number, expected?: string) {
  const error = expected ?? `a whole number from ${grouped(min)} to ${grouped(max)}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** A switch. */
export function flag() {
  return z.boolean({ error: 'true or false' });
}

/** Any text of up to `max` characters, even an empty one. */
export function text(max: number, expected: string) {
  const error = `${expected}, at most ${grouped(max)} characters`;
  return z.string({ error }).max(max, { error });
}

/** The same as `\p{Cc}`, which is not known to every JSON Schema validator. */
const NO_CONTROL_CHARACTERS = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

/** A text of one line and up to `max` characters. */
export function line(max: number, expected: string) {
  const error = `${expected}, 1 to ${grouped(max)} characters, no control characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(max, { error })
    .refine((text) => !/\p{Cc}/u.test(text), { error })
    .meta({ pattern: NO_CONTROL_CHARACTERS });
}
