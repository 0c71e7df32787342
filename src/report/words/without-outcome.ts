import { attemptsInShares, type FleetSummary } from '../../results/summary/fleet-summary.ts';

/** Planned attempts that have no outcome, for a table of those that have one. */
export interface WithoutOutcome {
  readonly name: string;
  readonly meaning: string;
  readonly count: number;
  /** Of all planned attempts, as the shares of outcomes. */
  readonly share: number;
}

/** What is missing between the outcomes of a finished run and its planned attempts; nothing where all have an outcome. */
export function withoutOutcome({ attempts, outcomes }: FleetSummary): WithoutOutcome[] {
  const { unfinished, notStarted } = attempts;
  // Of a run that goes on, and in files of earlier versions, shares are of what has ended.
  if (notStarted === undefined) return [];
  const all = attemptsInShares(
    attempts,
    outcomes.map(({ count }) => count),
  );
  const rows = [
    { name: 'unfinished', meaning: 'cut short before their outcome', count: unfinished },
    { name: 'not started', meaning: 'planned, and never begun by this machine', count: notStarted },
  ];
  return rows.flatMap((row) => (row.count === 0 ? [] : [{ ...row, share: row.count / all }]));
}
