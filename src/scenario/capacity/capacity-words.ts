import { parseDurationUs, parsePercent, parseRatePerSec, US_PER_SEC } from '../../time/units.ts';

/**
 * What a capacity search may be told, in the scenario and on the command line alike: as texts, in the words of the options. Undefined: what
 * is usual.
 */
export interface CapacityWords {
  readonly search?: SearchKind | undefined;
  readonly goals?: readonly string[] | undefined;
  /** A range; of a search for sessions the rate of logins. */
  readonly rate?: string | undefined;
  readonly sessions?: string | undefined;
  readonly precision?: string | undefined;
  readonly exceed?: string | undefined;
  readonly budget?: string | undefined;
  readonly stay?: string | undefined;
  readonly expect?: string | undefined;
}

/** What is searched for: logins per second, or sessions that stay online. */
export const SEARCH_KINDS = ['rate', 'sessions'] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** A load from and to which a search goes. */
export interface LoadRange {
  readonly from: number;
  readonly to: number;
}

/** What a capacity is expected to be. */
export interface Expectation {
  /** As it was given. */
  readonly source: string;
  readonly operator: '>=' | '>' | '<=' | '<';
  readonly limit: number;
}

/** How a text is read: undefined if it is none of its form, which is then told in words. */
export interface Form<Value> {
  readonly parse: (text: string) => Value | undefined;
  readonly expected: string;
}

export const RATE_RANGE: Form<LoadRange> = {
  parse: (text) => parseRange(text, parseRatePerSec),
  expected: 'a range of rates such as 100/s..20000/s',
};
export const LOGIN_RATE: Form<number> = {
  parse: (text) => aboveZero(parseRatePerSec(text)),
  expected: 'a rate of logins such as 200/s, as a search for sessions has',
};
export const SESSION_RANGE: Form<LoadRange> = {
  parse: (text) => parseRange(text, parseCount),
  expected: 'a range of sessions such as 100..20000',
};
export const PRECISION: Form<number> = {
  parse: (text) => within(parsePercent(text), 0.01, 0.5),
  expected: 'a precision from 1% to 50%',
};
export const EXCEED: Form<number> = {
  parse: (text) => within(parsePercent(text), 0, 0.9),
  expected: 'a share from 0% to 90%',
};
/** In microseconds. */
export const BUDGET: Form<number> = {
  parse: (text) => within(parseDurationUs(text), 30 * US_PER_SEC, Number.POSITIVE_INFINITY),
  expected: 'a time of 30s or more, such as 10m',
};
/** In microseconds. */
export const STAY: Form<number> = {
  parse: (text) => within(parseDurationUs(text), 10_000, 3_600 * US_PER_SEC),
  expected: 'a time from 10ms to 1h, such as 2s',
};
/** What is expected of each kind of search. */
export const EXPECTATION: Readonly<Record<SearchKind, Form<Expectation>>> = {
  rate: { parse: (text) => parseExpectation(text, 'rate'), expected: 'an expectation such as `>= 2000/s`' },
  sessions: { parse: (text) => parseExpectation(text, 'sessions'), expected: 'an expectation such as `>= 5000`' },
};

/** Reads `>= 2000/s`, or `>= 5000` in a search for sessions; undefined if it is neither. */
export function parseExpectation(text: string, search: SearchKind): Expectation | undefined {
  const [, operator, value = ''] = /^\s*(>=|<=|>|<)\s*(\S+)\s*$/.exec(text) ?? [];
  const limit = search === 'rate' ? parseRatePerSec(value) : parseCount(value);
  if (operator === undefined || limit === undefined) return undefined;
  return { source: text.trim(), operator: operator as Expectation['operator'], limit };
}

function parseRange(text: string, parse: (text: string) => number | undefined): LoadRange | undefined {
  const [first = '', last = '', ...more] = text.split('..');
  const [from, to] = [aboveZero(parse(first.trim())), parse(last.trim())];
  if (from === undefined || to === undefined || more.length > 0 || to < from) return undefined;
  return { from, to };
}

function parseCount(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function aboveZero(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value === undefined || value < least || value > most ? undefined : value;
}
