import { AUTH_CODE_NAMES, authCodeOf, CONNACK_NAMES, connackCodeOf, type Outcome } from '../../results/outcome.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { OutcomeCount } from '../../results/summary/outcome-count.ts';
import { countsIn, type Tallies, type Tally } from '../../results/tallies.ts';
import { detailsOf } from '../measure/details.ts';

/** Accepted first, then by count. `all`: what shares refer to. */
export function outcomeRows(outcomes: Tallies['outcomes'], details: Tally, all = sumOf(outcomes)): OutcomeCount[] {
  const rows = countsIn<Outcome>(outcomes).map(([outcome, count]): OutcomeCount => {
    const code = connackCodeOf(outcome);
    const name = code === undefined ? AUTH_CODE_NAMES[authCodeOf(outcome) ?? -1] : CONNACK_NAMES[code];
    return {
      outcome,
      ...(code === undefined ? {} : { connackCode: code }),
      ...(name === undefined ? {} : { name }),
      count,
      share: count / all,
      details: detailsOf(outcome, details),
    };
  });
  return rows.sort((a, b) => rank(a) - rank(b) || b.count - a.count || a.outcome.localeCompare(b.outcome));
}

function sumOf(outcomes: Tallies['outcomes']): number {
  return countsIn(outcomes).reduce((sum, [, count]) => sum + count, 0);
}

function rank(row: OutcomeCount): number {
  return row.outcome === 'accepted' ? 0 : 1;
}

/** Session ends with descriptions of their causes. */
export function endDetailRows(ended: Tallies['ended'], details: Tally): Pick<FleetSummary, 'endDetails'> {
  if (Object.keys(details).length === 0) return {};
  const causes = Object.keys(ended).map((cause) => [cause, detailsOf(cause, details)] as const);
  return { endDetails: Object.fromEntries(causes.filter(([, ofCause]) => ofCause.length > 0)) };
}
