import type { AddressFigures } from '../../results/address-figures.ts';

/** Attempts at an address that have ended. */
export function attemptsAt({ outcomes }: Pick<AddressFigures, 'outcomes'>): { accepted: number; failed: number } {
  const accepted = outcomes['accepted'] ?? 0;
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return { accepted, failed: ended - accepted };
}

/** How attempts at an address failed, the most frequent first. */
export function failuresAt({
  outcomes,
}: Pick<AddressFigures, 'outcomes'>): (readonly [outcome: string, count: number])[] {
  return Object.entries(outcomes)
    .filter(([outcome]) => outcome !== 'accepted')
    .sort(([one, a], [other, b]) => b - a || one.localeCompare(other));
}
