import type { OutcomeCount } from '../../results/summary/outcome-count.ts';

/** The causes that say more than the row of their outcome does: under `refused-4`, `CONNACK 4: bad user name or password` does not. */
export function tellingDetails(row: OutcomeCount | undefined): OutcomeCount['details'] {
  if (row === undefined) return [];
  const { outcome, name, connackCode, details } = row;
  const said = [
    `CONNACK ${connackCode}: ${name}`,
    `the auth service answered with code ${outcome.replace('auth-', '')}`,
  ];
  return details.filter(({ detail }) => !said.includes(detail));
}
