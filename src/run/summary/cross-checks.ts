import type { EmulatorCounts } from '../../emulator/contract/config.ts';
import { connackCodeOf } from '../../results/outcome.ts';
import type { CrossCheck } from '../../results/summary/cross-check.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';

/**
 * Outcomes of attempts that the service may have answered without the tool seeing the answer. The two sides may differ by as many as there
 * are of these; a larger difference degrades the run.
 */
const AMBIGUOUS_OUTCOMES: ReadonlySet<string> = new Set([
  'connack-timeout',
  'closed-before-connack',
  'tcp-reset',
  'protocol-error',
  'tls-failed',
  'auth-timeout',
  'auth-closed',
  'auth-tcp-reset',
]);

/** Compares the tool's figures with the emulator's. `lostAttempts`: started by workers that died before reporting an outcome. */
export function crossChecks(total: FleetSummary, emulator: EmulatorCounts, lostSessions: number): CrossCheck[] {
  const tolerance = ambiguousAttempts(total) + lostSessions;
  const equal = (name: string, tool: number, theirs: number): CrossCheck => ({
    name,
    tool,
    emulator: theirs,
    rule: 'equal',
    tolerance,
  });
  return [
    equal('accepted', outcomeCount(total, 'accepted'), emulator.accepted),
    ...refusalCodes(total, emulator).map((code) =>
      equal(`refused-${code}`, outcomeCount(total, `refused-${code}`), emulator.refusedByCode[code] ?? 0),
    ),
    ...authCodes(total, emulator).map((code) =>
      equal(`auth-${code}`, total.authCodes?.[code] ?? 0, emulator.authByCode[code] ?? 0),
    ),
    { ...equal('kicks', total.ended['kicked'] ?? 0, emulator.kicks), tolerance: tolerance + halfOpenSessions(total) },
    ...messageChecks(total, emulator),
  ];
}

/** For comparison only: when a session ends, its last messages and their answers may still be on their way. */
function messageChecks({ messages }: FleetSummary, emulator: EmulatorCounts): CrossCheck[] {
  if (messages === undefined) return [];
  return [
    { name: 'subscribed', tool: messages.subscribed, emulator: emulator.subscribed, rule: 'info' },
    { name: 'subscriptions refused', tool: messages.refused, emulator: emulator.subscriptionsRefused, rule: 'info' },
    { name: 'published', tool: messages.published, emulator: emulator.published, rule: 'info' },
  ];
}

/** Sessions that gave up on a connection the service still holds: their next login kicks a session that is already gone. */
function halfOpenSessions({ ended }: FleetSummary): number {
  return ended['keepalive-timeout'] ?? 0;
}

function ambiguousAttempts(total: FleetSummary): number {
  const answers = total.outcomes.filter(({ outcome }) => AMBIGUOUS_OUTCOMES.has(outcome));
  return answers.reduce((sum, { count }) => sum + count, 0) + total.attempts.unfinished;
}

function refusalCodes(total: FleetSummary, emulator: EmulatorCounts): number[] {
  const ours = total.outcomes.flatMap(({ outcome }) => connackCodeOf(outcome) ?? []);
  const codes = new Set([...ours, ...Object.keys(emulator.refusedByCode).map(Number)]);
  codes.delete(0);
  return [...codes].sort((a, b) => a - b);
}

/** Bare HTTP statuses are not codes of the auth service; the tool counts them as outcomes. */
function authCodes(total: FleetSummary, emulator: EmulatorCounts): number[] {
  const codes = new Set([...Object.keys(total.authCodes ?? {}), ...Object.keys(emulator.authByCode)].map(Number));
  return [...codes].filter((code) => Number.isInteger(code)).sort((a, b) => a - b);
}

function outcomeCount(total: FleetSummary, outcome: string): number {
  return total.outcomes.find((entry) => entry.outcome === outcome)?.count ?? 0;
}
