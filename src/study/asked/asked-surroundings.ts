import type { Scenario } from '../../scenario/scenario.ts';
import { US_PER_MS } from '../../time/units.ts';
import type { StudySurroundings } from '../study-summary.ts';
import type { AskedSearch } from './asked-search.ts';
import { isProved } from './expectation.ts';

/** A search that may begin. */
export interface CheckedSearch {
  readonly scenario: Scenario;
  readonly asked: AskedSearch;
  readonly warnings: readonly string[];
}

/** What surrounds the study of a search, for its summary. */
export function askedSurroundings(
  { scenario, asked, warnings }: CheckedSearch,
  around: Pick<StudySurroundings, 'target' | 'machine' | 'acceptsLimited' | 'startedAt'>,
): StudySurroundings {
  const { kind, search, goals, budgetSec, stayUs, loginPerSec, expected } = asked;
  return {
    ...around,
    scenario,
    search: kind,
    settings: {
      goals: goals.map(({ source }) => source),
      from: search.from,
      to: search.to,
      precision: search.precision,
      exceed: search.exceedRatio,
      budgetSec,
      confirmSec: search.confirmSec,
      stayMs: kind === 'rate' ? stayUs / US_PER_MS : 0,
      ...(kind === 'sessions' ? { loginPerSec } : {}),
    },
    warnings,
    expected:
      expected === undefined
        ? undefined
        : { source: expected.source, isProved: (answer) => isProved(expected, answer, search.exceedRatio) },
  };
}
