import { parseThreshold } from '../../metrics/judge/thresholds.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { stepOf } from '../../study/search/bounds.ts';
import { type SearchRange, type SearchSettings, searchSettings } from '../../study/search/search-settings.ts';
import { type Goal, goalOf } from '../../study/windows/goals.ts';
import { parseDurationUs, parsePercent, parseRatePerSec, US_PER_SEC } from '../../time/units.ts';
import type { CapacityArgs } from './capacity-options.ts';
import { type Expectation, parseExpectation } from './expectation.ts';

/** What the command line asks for. */
export interface AskedSearch {
  readonly goals: readonly Goal[];
  readonly search: SearchSettings;
  readonly budgetSec: number;
  readonly stayUs: number;
  /** Of a search for sessions. */
  readonly loginPerSec: number;
  readonly expected: Expectation | undefined;
}

/** Settings that nobody gave. */
export const CAPACITY_DEFAULTS = {
  goals: ['response.p99 < 1s', 'accepted.ratio >= 99%'],
  sessionGoal: 'accepted.ratio >= 99.9%',
  rate: '100/s..20000/s',
  sessions: '100..100000',
  loginRate: '200/s',
  precision: '5%',
  exceed: '10%',
  budget: { rate: '10m', sessions: '30m' },
  stay: '2s',
} as const;

/** Reads the arguments, with the scenario's own settings where there are none. All faults at once. */
export function askedSearch(
  args: CapacityArgs,
  scenario: Scenario,
): AskedSearch | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const read = <Value>(
    option: string,
    text: string,
    parse: (text: string) => Value | undefined,
    form: string,
  ): Value | undefined => {
    const value = parse(text);
    if (value === undefined) faults.push(`--${option} ${text} is not ${form}`);
    return value;
  };
  const isRate = args.search === 'rate';
  const goals = goalsOf(args, scenario, faults);
  const range = isRate
    ? read(
        'rate',
        args.rate ?? CAPACITY_DEFAULTS.rate,
        (text) => parseRange(text, parseRatePerSec),
        'a range of rates such as 100/s..20000/s',
      )
    : read(
        'sessions',
        args.sessions ?? CAPACITY_DEFAULTS.sessions,
        (text) => parseRange(text, parseCount),
        'a range of sessions such as 100..20000',
      );
  const loginText = isRate ? CAPACITY_DEFAULTS.loginRate : (args.rate ?? CAPACITY_DEFAULTS.loginRate);
  const loginPerSec = read(
    'rate',
    loginText,
    parseRatePerSec,
    'a rate of logins such as 200/s, as a search for sessions has',
  );
  const precision = read(
    'precision',
    args.precision ?? CAPACITY_DEFAULTS.precision,
    parsePrecision,
    'a precision from 1% to 50%',
  );
  const exceedRatio = read('exceed', args.exceed ?? CAPACITY_DEFAULTS.exceed, parseExceed, 'a share from 0% to 90%');
  const budgetUs = read(
    'budget',
    args.budget ?? CAPACITY_DEFAULTS.budget[args.search],
    parseBudget,
    'a time of 30s or more, such as 10m',
  );
  const stayUs = read('stay', args.stay ?? CAPACITY_DEFAULTS.stay, parseStay, 'a time from 10ms to 1h, such as 2s');
  const expected =
    args.expect === undefined
      ? undefined
      : read(
          'expect',
          args.expect,
          (text) => parseExpectation(text, args.search),
          isRate ? 'an expectation such as `>= 2000/s`' : 'an expectation such as `>= 5000`',
        );
  if (isRate && args.sessions !== undefined) faults.push('--sessions needs --search sessions');
  if (faults.length > 0 || range === undefined || precision === undefined || exceedRatio === undefined)
    return { faults };
  if (budgetUs === undefined || stayUs === undefined || loginPerSec === undefined) return { faults };
  return {
    goals,
    search: settingsOf({ ...range, precision, exceedRatio }, isRate),
    budgetSec: budgetUs / US_PER_SEC,
    stayUs,
    loginPerSec,
    expected,
  };
}

function settingsOf(range: SearchRange, isRate: boolean): SearchSettings {
  const step = stepOf(range.from, range.precision);
  return searchSettings(range, isRate ? step : Math.max(1, step));
}

/** The goals of the command line, or else the thresholds of the scenario that can be goals, or else the usual ones. */
function goalsOf({ goal, search }: CapacityArgs, { fleets, thresholds }: Scenario, faults: string[]): Goal[] {
  const names = fleets.map(({ name }) => name);
  const read = (source: string): Goal[] => {
    const parsed = parseThreshold(source, names);
    const checked = parsed.ok ? goalOf(parsed.threshold) : parsed;
    if (checked.ok) return [checked.goal];
    faults.push(`--goal: ${checked.message}; expected ${checked.expected}`);
    return [];
  };
  if (search === 'sessions') {
    const goals = (goal.length > 0 ? goal : [CAPACITY_DEFAULTS.sessionGoal]).flatMap(read);
    const [one] = goals;
    if (goals.length > 1 || (one !== undefined && (one.lost.kind !== 'failed' || one.fleet !== undefined)))
      faults.push(
        '--goal: a search for sessions has one goal, such as `accepted.ratio >= 99.9%`: the share that stays online',
      );
    return goals;
  }
  if (goal.length > 0) return goal.flatMap(read);
  const own = thresholds.flatMap((threshold) => {
    const checked = goalOf(threshold);
    return checked.ok ? [checked.goal] : [];
  });
  return own.length > 0 ? own : CAPACITY_DEFAULTS.goals.flatMap(read);
}

function parseRange(
  text: string,
  parse: (text: string) => number | undefined,
): { from: number; to: number } | undefined {
  const [first = '', last = '', ...more] = text.split('..');
  const [from, to] = [parse(first.trim()), parse(last.trim())];
  if (from === undefined || to === undefined || more.length > 0 || !(from > 0) || to < from) return undefined;
  return { from, to };
}

function parseCount(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function parsePrecision(text: string): number | undefined {
  const ratio = parsePercent(text);
  return ratio === undefined || ratio < 0.01 || ratio > 0.5 ? undefined : ratio;
}

function parseExceed(text: string): number | undefined {
  const ratio = parsePercent(text);
  return ratio === undefined || ratio > 0.9 ? undefined : ratio;
}

function parseBudget(text: string): number | undefined {
  const us = parseDurationUs(text);
  return us === undefined || us < 30 * US_PER_SEC ? undefined : us;
}

function parseStay(text: string): number | undefined {
  const us = parseDurationUs(text);
  return us === undefined || us < 10_000 || us > 3_600 * US_PER_SEC ? undefined : us;
}
