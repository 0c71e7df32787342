import { MESSAGE_COUNTS, type MessageCount } from './message-counts.ts';
import { AUTH_CODE_NAMES, type EndCause, type Outcome, PLAIN_END_CAUSES, PLAIN_OUTCOMES } from './outcome.ts';

/** Counts by name: the same plain object in a worker's recorder, in its snapshots, in a merged interval, in the totals and in the summary. */
export type Tally<Name extends string = string> = Partial<Record<Name, number>>;

/** Everything that is counted by name for a fleet. */
export interface Tallies {
  /** How attempts ended. */
  readonly outcomes: Tally<Outcome>;
  /** Outcome and cause in words, at most 32 kinds per worker and fleet: `tcp-refused: ECONNREFUSED`. */
  readonly details: Tally;
  /** Why sessions ended. */
  readonly ended: Tally<EndCause>;
  /** End and cause in words, bounded as `details`: `protocol-error: the service sent DISCONNECT`. */
  readonly endDetails: Tally;
  /** Replies of the auth service by code, including 200. */
  readonly authCodes: Tally;
  /** What devices sent on connect, and how much of it was answered. */
  readonly messages: Tally<MessageCount>;
}

/** The tallies, each with the names that are known before a run; more may come with a service's answers. */
export const TALLY_NAMES: { readonly [Group in keyof Tallies]: readonly (keyof Tallies[Group] & string)[] } = {
  outcomes: PLAIN_OUTCOMES,
  details: [],
  ended: PLAIN_END_CAUSES,
  endDetails: [],
  authCodes: Object.keys(AUTH_CODE_NAMES),
  messages: MESSAGE_COUNTS,
};

export const TALLY_GROUPS = Object.keys(TALLY_NAMES) as readonly (keyof Tallies)[];

/** Nothing counted yet. */
export function emptyTallies(): Tallies {
  return { outcomes: {}, details: {}, ended: {}, endDetails: {}, authCodes: {}, messages: {} };
}

/** Adds to the count of a name. */
export function addCount<Name extends string>(tally: Tally<Name>, name: Name, more = 1): void {
  tally[name] = (tally[name] ?? 0) + more;
}

/** Adds all counts of `source`. */
export function addTallies(target: Tallies, source: Tallies): void {
  for (const group of TALLY_GROUPS) {
    for (const [name, more] of countsIn<string>(source[group])) addCount<string>(target[group], name, more);
  }
}

/** The counts by name. */
export function countsIn<Name extends string>(tally: Tally<Name>): [Name, number][] {
  return Object.entries(tally) as [Name, number][];
}
