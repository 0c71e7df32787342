import type { Argv } from 'yargs';
import type { Part } from '../../plan/split.ts';
import { formatUs } from '../../time/units.ts';

/** Arguments of a run whose shares are played apart, and of one that starts at an appointed time. */
export interface ShareArgs {
  readonly shard?: string | undefined;
  readonly 'start-at'?: string | undefined;
}

/** More machines than one run has; a typing slip is refused. */
const MOST_SHARES = 1_000;

/** Adds these options to `run`. */
export function shareOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('shard', {
      type: 'string',
      requiresArg: true,
      describe: 'Play only share K of N, as K/N from 1/N to N/N; `fleetstorm merge` makes one run of all',
    })
    .option('start-at', {
      type: 'string',
      requiresArg: true,
      describe: 'Get ready, and start at this time of the wall clock: 2026-12-01T10:00:00Z',
    });
}

/** What is wrong with these arguments, or does not go together; undefined if they are fine. `nowMs`: the wall clock. */
export function shareFault(
  args: ShareArgs & { readonly junit?: string | undefined; readonly redis?: string | undefined },
  nowMs: number,
): string | undefined {
  const { shard, 'start-at': startAt, junit, redis } = args;
  if (shard !== undefined && askedPart(shard) === undefined) return shardFault(shard);
  if (shard !== undefined && junit !== undefined) {
    return '--junit and --shard do not go together: thresholds are judged once all shares are there, so give --junit to `fleetstorm merge`';
  }
  if (shard !== undefined && redis !== undefined) {
    return '--shard and --redis do not go together: agents have shares of their own, and play the whole run';
  }
  if (startAt === undefined) return undefined;
  const start = askedStart(startAt);
  if (start === undefined) {
    return `--start-at takes an instant with its time zone, such as 2026-12-01T10:00:00Z or 2026-12-01T11:00:00+01:00, not ${startAt}`;
  }
  const lateMs = nowMs - start.getTime();
  return lateMs < 0
    ? undefined
    : `--start-at ${startAt} is ${formatUs(lateMs * 1_000)} past: give all shares a time at which each is ready, a minute ahead or more`;
}

/** The part that `K/N` names; undefined if it names none. */
export function askedPart(text: string): Part | undefined {
  const [, index = 0, of = 0] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  return index >= 1 && index <= of && of <= MOST_SHARES ? { index, of } : undefined;
}

/** The instant that a text names; undefined if it names none, or leaves its time zone open. */
export function askedStart(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

function shardFault(shard: string): string {
  const fromZero = shard.startsWith('0/') ? '. Shares count from 1: add 1 to a number that counts from 0' : '';
  return `--shard takes K/N, such as 2/4: the second of four shares, of at most ${MOST_SHARES}, not ${shard}${fromZero}`;
}
