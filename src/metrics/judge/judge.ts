import { type CrossCheck, isDifferent } from '../../results/summary/cross-check.ts';
import type { GeneratorHealth } from '../../results/summary/generator-figures.ts';
import type { HostResult } from '../../results/summary/host-result.ts';
import type { OutcomeCount } from '../../results/summary/outcome-count.ts';
import { type Verdict, type VerdictFinding, verdictFindingSchema } from '../../results/summary/run-verdict.ts';
import type { WorkerResult } from '../../results/summary/worker-result.ts';
import { formatUs } from '../../time/units.ts';
import { bottleneckWords, clockErrors, troubledHosts } from './host-findings.ts';
import { LOOP_DELAY_FLOOR_US, MAX_LATE_SHARE, SLIP_FLOOR_US } from './lateness.ts';
import { nobodyAccepted } from './nobody-accepted.ts';
import { startSpread } from './start-spread.ts';
import { goFaster, localLimit } from './verdict-advice.ts';

export type { Verdict } from '../../results/summary/run-verdict.ts';

/** What the verdict is made from. */
export interface VerdictInput {
  /** Outcomes over all fleets. */
  readonly outcomes: readonly OutcomeCount[];
  /** First attempts planned clearly before the end that surviving workers never started; undefined if not known. */
  readonly neverStarted?: NeverStarted | undefined;
  /** Events that recoveries are measured from. */
  readonly lateEvents?: readonly LateEvent[] | undefined;
  readonly workers: readonly WorkerResult[];
  readonly crossChecks: readonly CrossCheck[];
  /** How the embedded emulator died, if it did so before the run ended. */
  readonly emulatorDied?: string | undefined;
  /** How well the tool itself kept up; undefined if not known. */
  readonly generator?: GeneratorHealth | undefined;
  /** 99th percentile of the response time of the attempts whose slip is in `generator`. */
  readonly responseP99Us?: number | undefined;
  /** The smallest latency that a threshold tests. */
  readonly smallestLimitUs?: number | undefined;
  /** Cores of this machine; undefined if not known. */
  readonly cores?: number | undefined;
  /** True if a threshold that holds requires logins to fail. */
  readonly areFailuresWanted?: boolean | undefined;
  /** Descriptions of snapshots that could not be merged and of intervals that a worker never reported. */
  readonly lostSnapshots: readonly string[];
  /** Where the workers were, if in several places. */
  readonly hosts?: readonly HostResult[] | undefined;
}

/** First attempts that were planned clearly before the end but not started, for no other reason than this machine. */
export interface NeverStarted {
  readonly count: number;
  /** All first attempts planned by then. */
  readonly planned: number;
}

/** How late this program played an event, and a recovery measured from its instant. */
export interface LateEvent {
  readonly label: string;
  readonly lateUs: number;
  /** Time until half of the affected sessions were back. */
  readonly halfBackUs: number;
}

/** Something that makes a run less than valid. */
interface VerdictRule {
  readonly name: string;
  readonly verdict: VerdictFinding['verdict'];
  /** One sentence per finding; none if the run is fine in this respect. */
  readonly reasons: (input: VerdictInput) => string[];
}

/** Mean CPU share of a worker over the whole run above which it could not keep to the plan. */
export const MAX_CPU_SHARE = 0.9;

/** All rules, in the order in which their findings are listed, after ordering by `KINDS`. */
const RULES: readonly VerdictRule[] = [
  {
    name: 'none-accepted',
    verdict: 'none-accepted',
    // If the emulator died, that is the reason, and there is no address to correct.
    reasons: ({ outcomes, areFailuresWanted = false, emulatorDied }) =>
      areFailuresWanted || emulatorDied !== undefined ? [] : nobodyAccepted(outcomes),
  },
  {
    name: 'local-limit',
    verdict: 'generator-limited',
    reasons: ({ outcomes }) => outcomes.filter(({ outcome }) => outcome === 'local-limit').map(localLimit),
  },
  {
    name: 'never-started',
    verdict: 'generator-limited',
    // If the machine ran out of something, that is the reason.
    reasons: (input) =>
      input.neverStarted === undefined ||
      input.neverStarted.count === 0 ||
      input.outcomes.some(({ outcome }) => outcome === 'local-limit')
        ? []
        : [neverGotRound(input.neverStarted, input)],
  },
  {
    name: 'slip',
    verdict: 'generator-limited',
    reasons: (input) => (isPartOfResponse(input.generator?.slipP99Us, SLIP_FLOOR_US, input) ? [lateStarts(input)] : []),
  },
  {
    name: 'stall',
    verdict: 'generator-limited',
    reasons: (input) =>
      isPartOfResponse(input.generator?.stallP99Us, LOOP_DELAY_FLOOR_US, input) ? [stalls(input)] : [],
  },
  {
    name: 'late-event',
    verdict: 'generator-limited',
    reasons: (input) =>
      (input.lateEvents ?? [])
        .filter(({ lateUs, halfBackUs }) => lateUs > SLIP_FLOOR_US && lateUs > MAX_LATE_SHARE * halfBackUs)
        .map((event) => lateEvent(event, input)),
  },
  {
    name: 'event-loop',
    verdict: 'generator-limited',
    reasons: (input) =>
      input.workers
        .filter(({ eventLoopDelayP99Us: us }) => us > LOOP_DELAY_FLOOR_US && us > smallestLimitUs(input))
        .map((worker) => lateLoop(worker, input)),
  },
  {
    name: 'cpu',
    verdict: 'generator-limited',
    reasons: (input) =>
      input.workers
        .filter(({ cpuShareMean }) => cpuShareMean > MAX_CPU_SHARE)
        .map((worker) => busyWorker(worker, input)),
  },
  {
    name: 'worker-lost',
    verdict: 'degraded',
    reasons: ({ workers, hosts = [] }) =>
      workers.flatMap((worker) =>
        worker.state === 'finished' || isOnLostHost(worker, hosts) ? [] : [lostWorker(worker)],
      ),
  },
  {
    name: 'host-lost',
    verdict: 'degraded',
    reasons: ({ hosts = [] }) => hosts.flatMap((host) => (host.state === 'finished' ? [] : [lostHost(host)])),
  },
  {
    name: 'start-spread',
    verdict: 'degraded',
    reasons: ({ hosts = [] }) => startSpread(hosts),
  },
  {
    name: 'host-trouble',
    verdict: 'degraded',
    reasons: ({ hosts = [] }) => troubledHosts(hosts),
  },
  {
    name: 'clock-error',
    verdict: 'degraded',
    reasons: ({ hosts = [] }) => clockErrors(hosts),
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

/** Kinds of findings, worst first. */
const KINDS = verdictFindingSchema.shape.verdict.options;

/** Whether the measurements are reliable; if not, everything that is wrong, with the most important finding as the verdict. */
export function judge(input: VerdictInput): Verdict {
  const findings = RULES.flatMap(({ name, verdict, reasons }) =>
    reasons(input).map((reason): VerdictFinding => ({ rule: name, verdict, reason })),
  ).sort((a, b) => KINDS.indexOf(a.verdict) - KINDS.indexOf(b.verdict));
  const [first] = findings;
  if (first === undefined) return { verdict: 'valid', reasons: [] };
  return { verdict: first.verdict, reasons: findings.map(({ reason }) => reason), findings };
}

/** Lateness that is part of the result whatever the thresholds say: above its floor, and above a tenth of the response time's p99. */
function isPartOfResponse(
  lateP99Us: number | undefined,
  floorUs: number,
  { responseP99Us = 0 }: VerdictInput,
): boolean {
  return lateP99Us !== undefined && lateP99Us > floorUs && lateP99Us > MAX_LATE_SHARE * responseP99Us;
}

function neverGotRound({ count, planned }: NeverStarted, input: VerdictInput): string {
  return `${grouped(count)} of ${grouped(planned)} planned first attempts were never started, because this machine did not get to them before the end${bottleneck(input)}: plan fewer per second, ${advice(input)}`;
}

function lateStarts(input: VerdictInput): string {
  const { slipP99Us = 0 } = input.generator ?? {};
  return `1% of the attempts started ${formatUs(slipP99Us)} late or later, ${shareOfResponse(slipP99Us, input)}${bottleneck(input)}: ${advice(input)}`;
}

function stalls(input: VerdictInput): string {
  const { stalledAttempts = 0, stallP99Us = 0, stallMaxUs = 0 } = input.generator ?? {};
  const hit = stalledAttempts === 1 ? '1 attempt was' : `${grouped(stalledAttempts)} attempts were`;
  return `${hit} under way while the event loop stood still, for up to ${formatUs(stallMaxUs)}: 1% of all lost ${formatUs(stallP99Us)} or more by it, ${shareOfResponse(stallP99Us, input)}${bottleneck(input)}: ${advice(input)}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function shareOfResponse(lateUs: number, { responseP99Us = 0 }: VerdictInput): string {
  const share = Math.round((100 * lateUs) / Math.max(1, responseP99Us));
  return `${share}% of the response time's p99 of ${formatUs(responseP99Us)}`;
}

function lateEvent({ label, lateUs, halfBackUs }: LateEvent, input: VerdictInput): string {
  const share = Math.round((100 * lateUs) / Math.max(1, halfBackUs));
  return `the event "${label}" happened ${formatUs(lateUs)} after its instant, ${share}% of the ${formatUs(halfBackUs)} until half of its sessions were back${bottleneck(input)}: ${advice(input)}`;
}

function smallestLimitUs({ smallestLimitUs: limitUs = Number.POSITIVE_INFINITY }: VerdictInput): number {
  return limitUs;
}

function lateLoop({ index, host, eventLoopDelayP99Us }: WorkerResult, input: VerdictInput): string {
  return `the event loop of worker ${index}${whereWords(host)} was late by ${formatUs(eventLoopDelayP99Us)}, and a threshold tests ${formatUs(smallestLimitUs(input))}: ${advice(input)}`;
}

function busyWorker({ index, host, cpuShareMean }: WorkerResult, input: VerdictInput): string {
  return `worker ${index}${whereWords(host)} used ${Math.round(100 * cpuShareMean)}% of a core over the whole run: ${advice(input)}`;
}

function bottleneck({ workers, hosts = [] }: VerdictInput): string {
  return bottleneckWords(workers, hosts);
}

function whereWords(host: string | undefined): string {
  return host === undefined ? '' : ` in ${host}`;
}

function advice({ workers, generator, cores }: VerdictInput): string {
  return goFaster({ workers, cores, client: generator?.client });
}

function lostWorker({ index, host, state, sessions, lostSessions, error }: WorkerResult): string {
  const what = state === 'died' ? 'died' : 'stopped answering';
  const why = error === undefined ? '' : `: ${error}`;
  return `worker ${index}${whereWords(host)} ${what} and ${grouped(lostSessions)} of its ${grouped(sessions)} sessions were lost${why}`;
}

/** The host says why. */
function isOnLostHost({ host }: WorkerResult, hosts: readonly HostResult[]): boolean {
  return hosts.some(
    ({ name, state }) => state !== 'finished' && (host === name || host?.startsWith(`${name}, `) === true),
  );
}

function lostHost({ name, state, sessions, lostSessions, error }: HostResult): string {
  if (state === 'stopped' && lostSessions === 0)
    return `${name} ended its share early${error === undefined ? '' : `: ${error}`}`;
  const why = error === undefined ? '' : ` (${error})`;
  return `${name} was ${state}${why}, and ${grouped(lostSessions)} of its ${grouped(sessions)} sessions count as lost`;
}

function differentCounts({ name, tool, emulator, tolerance = 0 }: CrossCheck): string {
  const rule =
    tolerance === 0 ? 'they must be equal' : `lost answers explain a difference of ${grouped(tolerance)} at most`;
  return `${name}: the tool counted ${grouped(tool)}, the emulator ${grouped(emulator)}; ${rule}`;
}
