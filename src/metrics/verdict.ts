import { type CrossCheck, isDifferent, type OutcomeCount, type Summary, type WorkerResult } from './results.ts';

export type Verdict = Summary['verdict'];

/** What the verdict is made from. */
export interface VerdictInput {
  /** Of all fleets. */
  readonly outcomes: readonly OutcomeCount[];
  readonly workers: readonly WorkerResult[];
  readonly crossChecks: readonly CrossCheck[];
  /** How the embedded emulator ended when it ended before the run did. */
  readonly emulatorDied?: string | undefined;
  /** Snapshots that could not be merged, and intervals that a worker never reported, in words. */
  readonly lostSnapshots: readonly string[];
}

/** Something that makes a run less than valid. */
interface VerdictRule {
  readonly name: string;
  readonly verdict: Exclude<Verdict['verdict'], 'valid'>;
  /** One sentence for each thing found; none when the run is fine in this respect. */
  readonly reasons: (input: VerdictInput) => string[];
}

/** All rules, the verdict that must be told first in front. */
const RULES: readonly VerdictRule[] = [
  {
    name: 'local-limit',
    verdict: 'generator-limited',
    reasons: ({ outcomes }) => outcomes.filter(({ outcome }) => outcome === 'local-limit').map(localLimit),
  },
  {
    name: 'worker-lost',
    verdict: 'degraded',
    reasons: ({ workers }) => workers.flatMap((worker) => (worker.state === 'finished' ? [] : [lostWorker(worker)])),
  },
  {
    name: 'emulator-died',
    verdict: 'degraded',
    reasons: ({ emulatorDied }) =>
      emulatorDied === undefined ? [] : [`the emulator ended before the run did: ${emulatorDied}`],
  },
  {
    name: 'counts-differ',
    verdict: 'degraded',
    reasons: ({ crossChecks }) => crossChecks.filter(isDifferent).map(differentCounts),
  },
  {
    name: 'snapshot-lost',
    verdict: 'degraded',
    reasons: ({ lostSnapshots }) => lostSnapshots.map((words) => `figures were lost: ${words}`),
  },
];

/** Whether the run may be believed, with the reasons when not. */
export function judge(input: VerdictInput): Verdict {
  const broken = RULES.map((rule) => ({ verdict: rule.verdict, reasons: rule.reasons(input) })).filter(
    ({ reasons }) => reasons.length > 0,
  );
  const isLimited = broken.some(({ verdict }) => verdict === 'generator-limited');
  const verdict = isLimited ? 'generator-limited' : broken.length > 0 ? 'degraded' : 'valid';
  return { verdict, reasons: broken.flatMap(({ reasons }) => reasons) };
}

function localLimit({ count, details }: OutcomeCount): string {
  const causes = details.map(({ detail }) => detail).join(', ');
  return `${count} attempts never left this machine: it ran out of descriptors or ports${causes === '' ? '' : ` (${causes})`}`;
}

function lostWorker({ index, state, sessions, lostSessions, error }: WorkerResult): string {
  const what = state === 'died' ? 'died' : 'stopped answering';
  const why = error === undefined ? '' : `: ${error}`;
  return `worker ${index} ${what} and ${lostSessions} of its ${sessions} sessions were lost${why}`;
}

function differentCounts({ name, tool, emulator, tolerance = 0 }: CrossCheck): string {
  const rule = tolerance === 0 ? 'they must be equal' : `lost answers explain a difference of ${tolerance} at most`;
  return `${name}: the tool counted ${tool}, the emulator ${emulator}; ${rule}`;
}
