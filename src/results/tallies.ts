import { AUTH_CODE_NAMES, type EndCause, type Outcome, PLAIN_END_CAUSES, PLAIN_OUTCOMES } from './outcome.ts';

/** Counts by name: the same plain object in a worker's recorder, in its snapshots, in a merged interval, in the totals and in the summary. */
export type Tally<Name extends string = string> = Partial<Record<Name, number>>;

/** What is counted of attempts before they have an outcome. */
export const ATTEMPT_COUNTS = ['planned', 'firstPlanned', 'started', 'retries'] as const;
export type AttemptCount = (typeof ATTEMPT_COUNTS)[number];

/** Devices of which the first session was started, and of which the first session was online. */
export const DEVICE_COUNTS = ['started', 'online'] as const;
export type DeviceCount = (typeof DEVICE_COUNTS)[number];

/** Kicks, devices kicked for the second time, and accepted logins of sessions that came back after a kick. */
export const KICK_COUNTS = ['kicks', 'loops', 'loopLogins'] as const;
export type KickCount = (typeof KICK_COUNTS)[number];

/**
 * What is counted of the messages that devices send on connect: filters that a SUBACK granted, with whatever QoS, and refused (0x80);
 * PUBLISH packets sent, and those of QoS 1 that a PUBACK answered.
 */
export const MESSAGE_COUNTS = ['subscribed', 'refused', 'published', 'acknowledged'] as const;
export type MessageCount = (typeof MESSAGE_COUNTS)[number];

/** Everything that is counted by name for a fleet. */
export interface Tallies {
  /**
   * `planned`: attempts whose planned instant fell into the interval, started or not, `firstPlanned` those of them that are first ones (a
   * worker counts only retries; first attempts are counted from the plan); `started`, and `retries` those of them that are not first ones.
   */
  readonly attempts: Tally<AttemptCount>;
  readonly devices: Tally<DeviceCount>;
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
  readonly kicks: Tally<KickCount>;
}

/** The tallies, each with the names that are known before a run; more may come with a service's answers. */
export const TALLY_NAMES: { readonly [Group in keyof Tallies]: readonly (keyof Tallies[Group] & string)[] } = {
  attempts: ATTEMPT_COUNTS,
  devices: DEVICE_COUNTS,
  outcomes: PLAIN_OUTCOMES,
  details: [],
  ended: PLAIN_END_CAUSES,
  endDetails: [],
  authCodes: Object.keys(AUTH_CODE_NAMES),
  messages: MESSAGE_COUNTS,
  kicks: KICK_COUNTS,
};

export const TALLY_GROUPS = Object.keys(TALLY_NAMES) as readonly (keyof Tallies)[];

/** Nothing counted yet. */
export function emptyTallies(): Tallies {
  return {
    attempts: {},
    devices: {},
    outcomes: {},
    details: {},
    ended: {},
    endDetails: {},
    authCodes: {},
    messages: {},
    kicks: {},
  };
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

/** All of these names with their counts, those that never occurred as 0. */
export function everyCount<Name extends string>(names: readonly Name[], tally: Tally<Name>): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, tally[name] ?? 0])) as Record<Name, number>;
}

/** The counts by name. */
export function countsIn<Name extends string>(tally: Tally<Name>): [Name, number][] {
  return Object.entries(tally) as [Name, number][];
}
