import { attemptsInShares, type FleetSummary } from '../../results/summary/fleet-summary.ts';

/** Planned attempts without an outcome, to complete a table of outcomes. */
export interface WithoutOutcome {
  readonly name: string;
  readonly meaning: string;
  readonly count: number;
  /** Share of all planned attempts, like the shares of outcomes. */
  readonly share: number;
}

/** The planned attempts of a finished run that have no outcome; nothing if all have one. */
export function withoutOutcome({ attempts, outcomes }: FleetSummary): WithoutOutcome[] {
  const { unfinished, notStarted } = attempts;
  // While a run goes on, and in files of earlier versions, shares refer to the attempts that have ended.
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
