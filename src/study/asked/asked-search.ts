import { parseThreshold } from '../../metrics/judge/thresholds.ts';
import {
  BUDGET,
  type CapacityWords,
  EXCEED,
  EXPECTATION,
  type Expectation,
  type Form,
  LOGIN_RATE,
  PRECISION,
  RATE_RANGE,
  SESSION_RANGE,
  type SearchKind,
  STAY,
} from '../../scenario/capacity/capacity-words.ts';
import { areOfSessions, type Goal, goalOf, SESSION_GOALS } from '../../scenario/capacity/goal.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { stepOf } from '../search/bounds.ts';
import { type SearchRange, type SearchSettings, searchSettings } from '../search/search-settings.ts';
import { searchNotices } from './search-notices.ts';

/** What is to be searched for. */
export interface AskedSearch {
  readonly kind: SearchKind;
  readonly goals: readonly Goal[];
  readonly search: SearchSettings;
  readonly budgetSec: number;
  readonly stayUs: number;
  /** Of a search for sessions. */
  readonly loginPerSec: number;
  readonly expected: Expectation | undefined;
  /** What of the scenario does not count, in words. */
  readonly notices: readonly string[];
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

/** Reads what is asked for, then the scenario's own settings, then what is usual. All faults at once, in the words of the command line. */
export function askedSearch(
  args: CapacityWords,
  scenario: Scenario,
): AskedSearch | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const kind = args.search ?? scenario.capacity?.search ?? 'rate';
  const own = ownWords(kind, scenario);
  const asked = (option: keyof CapacityWords, usual: string) => {
    return <Value>({ parse, expected }: Form<Value>): Value | undefined => {
      const text = String(args[option] ?? own[option] ?? usual);
      const value = parse(text);
      if (value === undefined) faults.push(`--${option} ${text} is not ${expected}`);
      return value;
    };
  };
  const isRate = kind === 'rate';
  const goals = isRate ? rateGoals(args, own, scenario, faults) : sessionGoals(args, own, scenario, faults);
  const range = isRate
    ? asked('rate', CAPACITY_DEFAULTS.rate)(RATE_RANGE)
    : asked('sessions', CAPACITY_DEFAULTS.sessions)(SESSION_RANGE);
  const loginPerSec = isRate ? 0 : asked('rate', CAPACITY_DEFAULTS.loginRate)(LOGIN_RATE);
  const precision = asked('precision', CAPACITY_DEFAULTS.precision)(PRECISION);
  const exceedRatio = asked('exceed', CAPACITY_DEFAULTS.exceed)(EXCEED);
  const budgetUs = asked('budget', CAPACITY_DEFAULTS.budget[kind])(BUDGET);
  const stayUs = asked('stay', CAPACITY_DEFAULTS.stay)(STAY);
  const isExpected = (args.expect ?? own.expect) !== undefined;
  const expected = isExpected ? asked('expect', '')(EXPECTATION[kind]) : undefined;
  if (isRate && args.sessions !== undefined) faults.push('--sessions needs --search sessions');
  if (faults.length > 0 || range === undefined || precision === undefined || exceedRatio === undefined)
    return { faults };
  if (budgetUs === undefined || stayUs === undefined || loginPerSec === undefined) return { faults };
  const toleratesNoise = (args.exceed ?? own.exceed) === undefined;
  return {
    ...{ kind, goals, stayUs, loginPerSec, expected },
    search: settingsOf({ ...range, precision, exceedRatio, toleratesNoise }, isRate),
    budgetSec: budgetUs / US_PER_SEC,
    notices: searchNotices(kind, (args.goals ?? []).length > 0, scenario),
  };
}

function settingsOf(range: SearchRange, isRate: boolean): SearchSettings {
  const step = stepOf(range.from, range.precision);
  return searchSettings(range, isRate ? step : Math.max(1, step));
}

/** The scenario's settings, as far as they are those of this search. */
function ownWords(kind: SearchKind, { capacity }: Scenario): CapacityWords {
  return capacity === undefined || (capacity.search ?? 'rate') !== kind ? {} : capacity;
}

/** The goals of the command line, or else of the scenario, or else its thresholds that can be goals, or else the usual ones. */
function rateGoals(
  { goals: asked = [] }: CapacityWords,
  own: CapacityWords,
  scenario: Scenario,
  faults: string[],
): Goal[] {
  if (asked.length > 0) return asked.flatMap((source) => goalsIn(source, scenario, faults));
  if (own.goals !== undefined) return own.goals.flatMap((source) => goalsIn(source, scenario, faults));
  const thresholds = scenario.thresholds.flatMap((threshold) => {
    const checked = goalOf(threshold);
    return checked.ok ? [checked.goal] : [];
  });
  if (thresholds.length > 0) return thresholds;
  return CAPACITY_DEFAULTS.goals.flatMap((source) => goalsIn(source, scenario, faults));
}

/** The share of sessions that must stay. */
function sessionGoals(
  { goals: asked = [] }: CapacityWords,
  own: CapacityWords,
  scenario: Scenario,
  faults: string[],
): Goal[] {
  const sources = asked.length > 0 ? asked : (own.goals ?? [CAPACITY_DEFAULTS.sessionGoal]);
  const goals = sources.flatMap((source) => goalsIn(source, scenario, faults));
  if (!areOfSessions(goals)) faults.push(`--goal: a search for sessions has ${SESSION_GOALS}`);
  return goals;
}

function goalsIn(source: string, { fleets }: Scenario, faults: string[]): Goal[] {
  const parsed = parseThreshold(
    source,
    fleets.map(({ name }) => name),
  );
  const checked = parsed.ok ? goalOf(parsed.threshold) : parsed;
  if (checked.ok) return [checked.goal];
  faults.push(`--goal: ${checked.message}; expected ${checked.expected}`);
  return [];
}
