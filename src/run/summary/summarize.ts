import { createHash } from 'node:crypto';
import type { HostResources, WorkerHost } from '../../host/host.ts';
import type { RunTarget } from '../../host/run-target.ts';
import { exitCodeOf } from '../../metrics/judge/exit-code.ts';
import { latencyHints } from '../../metrics/judge/hints/latency-hints.ts';
import { judge, type NeverStarted } from '../../metrics/judge/judge.ts';
import { nobodyAccepted } from '../../metrics/judge/nobody-accepted.ts';
import { type StallFigures, stallFigures } from '../../metrics/judge/stalls.ts';
import { evaluateThresholds } from '../../metrics/judge/thresholds.ts';
import { wantsFailures } from '../../metrics/judge/wanted-failures.ts';
import { outcomeRows } from '../../metrics/merge/outcome-rows.ts';
import type { Part } from '../../plan/split.ts';
import type { ShareResult } from '../../results/share-result.ts';
import type { HostResult } from '../../results/summary/host-result.ts';
import type { KernelCounts, LatencyHint } from '../../results/summary/latency-hint.ts';
import type { NeverOnlineDevice } from '../../results/summary/never-online.ts';
import { SUMMARY_SCHEMA_VERSION, type Summary } from '../../results/summary/summary.ts';
import { formatUs, US_PER_MS, US_PER_SEC } from '../../time/units.ts';
import type { EventCourse } from '../events/event-course.ts';
import type { FiguresSoFar } from '../interval-collector.ts';
import type { CountedScenario } from '../plan/counted-plan.ts';
import { type ThresholdAbort, withAbort } from '../threshold-watch.ts';
import { version } from '../version.ts';
import type { WorkerLedger } from '../worker-ledger.ts';
import { crossChecks } from './cross-checks.ts';
import { type GeneratorResources, generatorHealth, judgedOutcome } from './generator-health.ts';
import { hostResults } from './host-results.ts';

/** What the workers of a run have done. */
export interface Played {
  /** False while the run goes on: what has not happened yet still may. */
  readonly isOver: boolean;
  readonly figures: FiguresSoFar;
  /** First attempts planned clearly before the end that surviving workers never started. */
  readonly neverStarted: NeverStarted;
  readonly neverOnline: readonly NeverOnlineDevice[];
  readonly ledger: WorkerLedger;
  /** When the events happened, and how many sessions they affected. */
  readonly course: EventCourse;
  /** Descriptions of snapshots that could not be merged, intervals never reported, and events not played. */
  readonly faults: readonly string[];
  readonly interrupted: boolean;
  /** The threshold that stopped the run; undefined if none did. */
  readonly abort: ThresholdAbort | undefined;
  readonly elapsedSec: number;
  /** Wall-clock time of instant 0; undefined if the run never began. */
  readonly beginsAt?: Date | undefined;
  /** The most sessions that held a socket at the end of an interval. */
  readonly peakSockets: number;
  /** Where the workers were. What is known of a host changes until its workers are closed. */
  readonly workerHosts?: readonly WorkerHost[] | undefined;
}

/** A run that has ended, and what surrounds it. */
export interface SummaryInput extends Played {
  readonly yaml: string;
  readonly target: Pick<RunTarget, 'description' | 'died'>;
  readonly counts: Awaited<ReturnType<RunTarget['counts']>>;
  /** What the kernel counted during the run; undefined while it goes on, and where the machine does not tell. */
  readonly kernel: KernelCounts | undefined;
  readonly startedAt: Date;
  /** Now, if undefined. */
  readonly finishedAt?: Date | undefined;
  /** Set if others play the rest of the run, apart from this one: it does not judge thresholds. */
  readonly part?: Part | undefined;
  /** When it was to start; undefined: as soon as it could. */
  readonly startAt?: Date | undefined;
  /** Where the workers were, if in several places. */
  readonly hosts?: readonly HostResult[] | undefined;
  readonly warnings: readonly string[];
  readonly machine: HostResources['machine'];
  readonly resources: Omit<GeneratorResources, 'peakSockets' | 'sources'> &
    Partial<Pick<GeneratorResources, 'sources'>>;
  readonly acceptsLimited: boolean;
  readonly given?: Summary['scenario']['given'];
}

/** Builds the summary of a run. */
export function summarize(scenario: CountedScenario, input: SummaryInput): Summary {
  const { figures, ledger, counts, interrupted, target, course, elapsedSec } = input;
  course.setMet(counts);
  const workers = ledger.results();
  const hosts = input.hosts ?? hostResults(input.workerHosts ?? [], workers);
  const lostSessions = workers.reduce((sum, worker) => sum + worker.lostSessions, 0);
  const checks = counts === undefined ? [] : crossChecks(figures.total, counts, lostSessions);
  const results = evaluateThresholds(scenario.thresholds, figures);
  const thresholds = withAbort(results, scenario.thresholds, input.abort);
  const resources = { sources: ledger.sources, ...input.resources, peakSockets: input.peakSockets };
  const generator = generatorHealth(figures.total, workers, resources, stallsOf(figures));
  const areFailuresWanted = wantsFailures(scenario.thresholds, thresholds, figures);
  const verdict = judge({
    generator,
    responseP99Us: figures.total.latency['response']?.[judgedOutcome(figures.total) ?? '']?.p99Us,
    smallestLimitUs: smallestLimitUs(scenario, thresholds),
    outcomes: figures.total.outcomes,
    neverStarted: input.neverStarted,
    lateEvents: course.late(figures.disturbances),
    workers,
    crossChecks: checks,
    cores: input.machine.cores,
    areFailuresWanted,
    emulatorDied: target.died,
    lostSnapshots: input.faults,
    hosts,
  });
  const judged = input.part === undefined ? thresholds : [];
  return {
    schemaVersion: SUMMARY_SCHEMA_VERSION,
    tool: { name: 'fleetstorm', version },
    scenario: {
      name: scenario.name,
      seed: scenario.seed,
      target: target.description,
      ...spreadOf(scenario),
      sha256: createHash('sha256').update(input.yaml).digest('hex'),
      ...(input.given === undefined ? {} : { given: input.given }),
    },
    ...(input.part === undefined ? {} : { share: shareOf(input.part, input) }),
    machine: input.machine,
    startedAt: input.startedAt.toISOString(),
    finishedAt: (input.finishedAt ?? new Date()).toISOString(),
    plannedDurationSec: scenario.durationUs / US_PER_SEC,
    elapsedSec,
    interrupted,
    verdict,
    exitCode: exitCodeOf({
      interrupted,
      verdict,
      thresholds: judged,
      acceptsLimited: input.acceptsLimited,
    }),
    thresholds: judged,
    total: figures.total,
    fleets: [...figures.fleets],
    ...addressesOf(figures),
    ...(input.isOver ? { neverOnline: [...input.neverOnline] } : {}),
    ...(input.kernel === undefined ? {} : { kernel: input.kernel }),
    ...(input.isOver ? { hints: hintsOf(input) } : {}),
    events: course.rows(elapsedSec),
    disturbances: [...figures.disturbances],
    crossChecks: checks,
    generator,
    ...(hosts === undefined ? {} : { hosts: [...hosts] }),
    workers,
    warnings: [
      ...input.warnings,
      ...lateStart(input),
      ...eventWarnings(input),
      ...(areFailuresWanted || target.died !== undefined
        ? []
        : [...lockedOutFleets(figures), ...lockedOutAddresses(figures)]),
    ],
  };
}

function shareOf({ index, of }: Part, { startAt, beginsAt }: Pick<SummaryInput, 'startAt' | 'beginsAt'>): ShareResult {
  return {
    index,
    of,
    ...(startAt === undefined ? {} : { plannedStart: startAt.toISOString() }),
    ...(beginsAt === undefined ? {} : { start: beginsAt.toISOString() }),
  };
}

function addressesOf({ byAddress }: FiguresSoFar): Pick<Summary, 'addresses'> {
  const rows = byAddress().map(({ figures }) => figures);
  return rows.length === 0 ? {} : { addresses: rows };
}

/** Only a service that has several addresses has devices spread over them. */
function spreadOf({ target }: CountedScenario): Pick<Summary['scenario'], 'spread'> {
  return target.kind === 'mqtt' && target.addresses.length > 1 ? { spread: target.spread } : {};
}

function hintsOf({ figures: { fleets, distributions }, kernel }: SummaryInput): LatencyHint[] {
  return latencyHints(
    fleets.flatMap(({ name }) => distributions(name) ?? []),
    kernel,
  );
}

/** Fleets of which no attempt was accepted while others had some: the run's totals do not show this. */
function lockedOutFleets({ total, fleets }: FiguresSoFar): string[] {
  if (total.outcomes[0]?.outcome !== 'accepted') return [];
  return fleets.flatMap(({ name, outcomes }) => nobodyAccepted(outcomes).map((words) => `fleet ${name}: ${words}`));
}

/** Addresses at which no attempt was accepted while others had some. */
function lockedOutAddresses({ total, byAddress }: FiguresSoFar): string[] {
  if (total.outcomes[0]?.outcome !== 'accepted') return [];
  return byAddress().flatMap(({ figures, outcomes }) =>
    nobodyAccepted(outcomeRows(outcomes, {})).map((words) => `address ${figures.address}: ${words}`),
  );
}

/** Stalls during the attempts that show how late the tool was. */
function stallsOf({ total, distributions }: FiguresSoFar): StallFigures {
  const [judged] = total.outcomes;
  if (judged === undefined) return {};
  const stalls = [...(distributions(undefined)?.stalls ?? [])].find(([outcome]) => outcome === judged.outcome);
  return stallFigures(stalls?.[1], judged.count);
}

/** A run that was not ready at its appointed start began later. */
function lateStart({ startAt, beginsAt }: SummaryInput): string[] {
  const lateMs = startAt === undefined || beginsAt === undefined ? 0 : beginsAt.getTime() - startAt.getTime();
  if (lateMs <= 0) return [];
  return [
    `the run started ${formatUs(lateMs * US_PER_MS)} after its appointed time, as it was not ready before: give it longer`,
  ];
}

function eventWarnings({ isOver, course, elapsedSec, interrupted, abort }: SummaryInput): string[] {
  return isOver ? course.warnings(elapsedSec, interrupted || abort !== undefined) : [];
}

/** The smallest latency that a threshold tests: the tool itself must be faster than this. */
function smallestLimitUs({ thresholds }: CountedScenario, results: Summary['thresholds']): number | undefined {
  const limits = thresholds.flatMap(({ limit }, index) => (results[index]?.unit === 'us' && limit > 0 ? [limit] : []));
  return limits.length === 0 ? undefined : Math.min(...limits);
}
