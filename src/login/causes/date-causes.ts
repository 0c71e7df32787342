import type { CertificateFailure } from '../attempt/failure.ts';
import type { CertificateProblem } from '../tls/certificate-problems.ts';
import { day } from '../tls/tls-words.ts';
import type { CauseRow } from './cause-row.ts';
import type { Findings } from './findings.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Nobody overlooks for so long that a service lets nobody in. */
const LONG_MS = 30 * DAY_MS;

type DateProblem = Extract<CertificateProblem, { kind: 'expired' | 'not-yet-valid' }>;

/** A date does not fit: the certificate's, or that of this machine's clock. Another clock tells; without one, what is likelier. */
export function dated(findings: Findings, problem: DateProblem, certificate: CauseRow): CauseRow[] {
  const { clockAheadMs } = findings;
  const { nowMs } = failureOf(findings);
  if (clockAheadMs === undefined) {
    const wrong = likelyClock(findings, problem);
    return isClockLikelier(findings, problem) ? [wrong, certificate] : [certificate, wrong];
  }
  const trueMs = nowMs + clockAheadMs;
  const isWrongAnyway = problem.kind === 'expired' ? trueMs > problem.untilMs : trueMs < problem.fromMs;
  if (isWrongAnyway) return [{ ...certificate, certainty: 'shown' }];
  return [{ ...CLOCK, words: shownWords(clockAheadMs), certainty: 'shown' }, certificate];
}

const CLOCK = {
  cause: 'clock',
  mend: 'set the clock of this machine, or of the device, by NTP; a device without a battery needs the time before its first handshake',
} as const;

function shownWords(clockAheadMs: number): string {
  const off = Math.abs(clockAheadMs);
  const by = off < DAY_MS ? `${Math.round(off / MINUTE_MS)} minutes` : `${Math.round(off / DAY_MS)} days`;
  return `the clock of this machine is ${by} ${clockAheadMs > 0 ? 'behind' : 'ahead'}: the service says what time it is`;
}

function likelyClock(findings: Findings, problem: DateProblem): CauseRow {
  const { nowMs, certificates } = failureOf(findings);
  const says = `it says ${day(nowMs)}`;
  if (problem.kind === 'not-yet-valid') {
    return { ...CLOCK, words: `the clock of this machine is behind: ${says}, which is before the certificate began` };
  }
  const what = isWholeChain(findings) ? `all ${certificates} certificates of the chain` : 'the certificate';
  return { ...CLOCK, words: `the clock of this machine is ahead: ${says}, which is after ${what} had ended` };
}

/**
 * Nobody serves a certificate of the future. One of the past is forgotten more often than a clock is ahead; but a service whose whole chain
 * ended long ago would have been noticed by everyone.
 */
function isClockLikelier(findings: Findings, { kind }: DateProblem): boolean {
  return kind === 'not-yet-valid' || isWholeChain(findings);
}

/** Whether all certificates of the chain expired long ago. */
function isWholeChain(findings: Findings): boolean {
  const { problems, certificates, nowMs } = failureOf(findings);
  const long = problems.filter((one) => one.kind === 'expired' && nowMs - one.untilMs > LONG_MS);
  return certificates > 1 && long.length === certificates;
}

function failureOf({ failure }: Findings): CertificateFailure {
  return failure as CertificateFailure;
}
