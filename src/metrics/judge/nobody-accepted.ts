import type { OutcomeCount } from '../../results/summary/outcome-count.ts';
import { grouped } from '../../text/counts.ts';
import { reachAdvice } from './reach-advice.ts';

/** How many outcomes and causes are listed. */
const MAX_TOLD = 3;

/** Outcomes in which nothing came back: no CONNACK, no reply of the HTTPS login, no orderly close. */
const UNANSWERED: ReadonlySet<string> = new Set([
  'dns-failed',
  'tcp-refused',
  'tcp-timeout',
  'tcp-reset',
  'connack-timeout',
  ...['auth-dns-failed', 'auth-tcp-refused', 'auth-tcp-timeout', 'auth-tcp-reset', 'auth-timeout'],
]);

/** One sentence if attempts left this machine and none was accepted: how they ended and what to change; otherwise none. */
export function nobodyAccepted(outcomes: readonly OutcomeCount[]): string[] {
  const left = outcomes.filter(({ outcome, count }) => count > 0 && outcome !== 'local-limit');
  const [most] = left;
  if (most === undefined || left.some(({ outcome }) => outcome === 'accepted')) return [];
  const attempts = left.reduce((sum, { count }) => sum + count, 0);
  const none = attempts === 1 ? 'the only attempt' : `none of ${grouped(attempts)} attempts`;
  const got = left.every(isUnanswered) ? 'got an answer' : 'was accepted';
  const told = left.slice(0, MAX_TOLD).map(outcomeWords);
  const more = left.length > MAX_TOLD ? [`and ${left.length - MAX_TOLD} other outcomes`] : [];
  const subject =
    attempts === 1 ? `${none} ${got === 'was accepted' ? 'was not accepted' : 'got no answer'}` : `${none} ${got}`;
  return [`${subject}: ${[...told, ...more].join(', ')}: ${reachAdvice(most.outcome, most.details[0]?.detail)}`];
}

function isUnanswered({ outcome, details }: OutcomeCount): boolean {
  if (UNANSWERED.has(outcome)) return true;
  return /^(?:auth-)?tls-failed$/.test(outcome) && details.every(({ detail }) => detail.startsWith('timeout'));
}

function outcomeWords({ outcome, name, count, details }: OutcomeCount): string {
  const cause = name ?? details[0]?.detail;
  return `${grouped(count)} ${outcome}${cause === undefined ? '' : ` (${cause})`}`;
}
