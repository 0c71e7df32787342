import { formatUs, US_PER_MS } from '../time/units.ts';
import {
  type CrossCheck,
  type GeneratorHealth,
  isDifferent,
  type OutcomeCount,
  type Summary,
  type WorkerResult,
} from './results.ts';

export type Verdict = Summary['verdict'];

/** What the verdict is made from. */
export interface VerdictInput {
  /** Of all fleets. */
  readonly outcomes: readonly OutcomeCount[];
  /** First attempts planned clearly before the end that workers which are not lost never started; undefined: not known. */
  readonly neverStarted?: { readonly count: number; readonly planned: number } | undefined;
  readonly workers: readonly WorkerResult[];
  readonly crossChecks: readonly CrossCheck[];
  /** How the embedded emulator ended when it ended before the run did. */
  readonly emulatorDied?: string | undefined;
  /** How well the tool itself did; undefined when it is not known. */
  readonly generator?: GeneratorHealth | undefined;
  /** 99th percentile of the response time of the attempts whose slip is in `generator`. */
  readonly responseP99Us?: number | undefined;
  /** The smallest latency that a threshold tests. */
  readonly smallestLimitUs?: number | undefined;
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

/** Lateness below this never makes a run doubtful: a few hundred attempts planned for one instant take as long. */
export const SLIP_FLOOR_US = 50 * US_PER_MS;
/** Above this share of the response time, the tool's own lateness is a part of the result. */
export const MAX_SLIP_SHARE = 0.1;
/** An event loop that is late by less than this is a busy machine, not a limit. */
export const LOOP_DELAY_FLOOR_US = 50 * US_PER_MS;
/** Mean CPU of a worker over the whole run above which it had no time left to be on time. */
export const MAX_CPU_SHARE = 0.9;

/** What to do when the tool is too slow, cheapest first. */
const GO_FASTER = 'use more workers, `client: lean`, or more machines';

/** All rules, the verdict that must be told first in front. */
const RULES: readonly VerdictRule[] = [
  {
    name: 'local-limit',
    verdict: 'generator-limited',
    reasons: ({ outcomes }) => outcomes.filter(({ outcome }) => outcome === 'local-limit').map(localLimit),
  },
  {
    name: 'never-started',
    verdict: 'generator-limited',
    // Where the machine ran out of means, that says why.
    reasons: ({ neverStarted, outcomes }) =>
      neverStarted === undefined ||
      neverStarted.count === 0 ||
      outcomes.some(({ outcome }) => outcome === 'local-limit')
        ? []
        : [neverGotRound(neverStarted)],
  },
  {
    name: 'slip',
    verdict: 'generator-limited',
    reasons: ({ generator, responseP99Us = 0 }) =>
      generator !== undefined &&
      generator.slipP99Us > SLIP_FLOOR_US &&
      generator.slipP99Us > MAX_SLIP_SHARE * responseP99Us
        ? [lateStarts(generator.slipP99Us, responseP99Us)]
        : [],
  },
  {
    name: 'event-loop',
    verdict: 'generator-limited',
    reasons: ({ workers, smallestLimitUs = Number.POSITIVE_INFINITY }) =>
      workers
        .filter(({ eventLoopDelayP99Us: us }) => us > LOOP_DELAY_FLOOR_US && us > smallestLimitUs)
        .map((worker) => lateLoop(worker, smallestLimitUs)),
  },
  {
    name: 'cpu',
    verdict: 'generator-limited',
    reasons: ({ workers }) => workers.filter(({ cpuShareMean }) => cpuShareMean > MAX_CPU_SHARE).map(busyWorker),
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
  const attempts = count === 1 ? '1 attempt' : `${count} attempts`;
  return `${attempts} never left this machine, and no later one was started: it ran out of descriptors or ports${causes === '' ? '' : ` (${causes})`}: raise ulimit -n, name more \`sources\`, or use more machines`;
}

function neverGotRound({ count, planned }: { readonly count: number; readonly planned: number }): string {
  return `${count} of ${planned} planned first attempts were never started, as this machine did not get round to them before the end: plan fewer a second, ${GO_FASTER}`;
}

function lateStarts(slipP99Us: number, responseP99Us: number): string {
  const share = Math.round((100 * slipP99Us) / Math.max(1, responseP99Us));
  return `1 % of the attempts started ${formatUs(slipP99Us)} late or later, ${share} % of the response time's p99 of ${formatUs(responseP99Us)}: ${GO_FASTER}`;
}

function lateLoop({ index, eventLoopDelayP99Us }: WorkerResult, smallestLimitUs: number): string {
  return `the event loop of worker ${index} was late by ${formatUs(eventLoopDelayP99Us)}, and a threshold tests ${formatUs(smallestLimitUs)}: ${GO_FASTER}`;
}

function busyWorker({ index, cpuShareMean }: WorkerResult): string {
  return `worker ${index} used ${Math.round(100 * cpuShareMean)} % of a core over the whole run: ${GO_FASTER}`;
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
