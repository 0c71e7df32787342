import { createHash } from 'node:crypto';
import type { HostResources } from '../host/host.ts';
import type { RunTarget } from '../host/run-target.ts';
import { exitCodeOf } from '../metrics/judge/exit-code.ts';
import { latencyHints } from '../metrics/judge/hints/latency-hints.ts';
import { judge, type NeverStarted } from '../metrics/judge/judge.ts';
import { nobodyAccepted } from '../metrics/judge/nobody-accepted.ts';
import { type StallFigures, stallFigures } from '../metrics/judge/stalls.ts';
import { evaluateThresholds } from '../metrics/judge/thresholds.ts';
import { wantsFailures } from '../metrics/judge/wanted-failures.ts';
import type { KernelCounts, LatencyHint } from '../results/summary/latency-hint.ts';
import type { NeverOnlineDevice } from '../results/summary/never-online.ts';
import { SUMMARY_SCHEMA_VERSION, type Summary } from '../results/summary/summary.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { US_PER_SEC } from '../time/units.ts';
import { crossChecks } from './cross-checks.ts';
import type { EventCourse } from './events/event-course.ts';
import { type GeneratorResources, generatorHealth, judgedOutcome } from './generator-health.ts';
import type { FiguresSoFar } from './interval-collector.ts';
import { type ThresholdAbort, withAbort } from './threshold-watch.ts';
import { version } from './version.ts';
import type { WorkerLedger } from './worker-ledger.ts';

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
  /** The most sessions that held a socket at the end of an interval. */
  readonly peakSockets: number;
}

/** A run that has ended, and what surrounds it. */
export interface SummaryInput extends Played {
  readonly yaml: string;
  readonly target: RunTarget;
  readonly counts: Awaited<ReturnType<RunTarget['counts']>>;
  /** What the kernel counted during the run; undefined while it goes on, and where the machine does not tell. */
  readonly kernel: KernelCounts | undefined;
  readonly startedAt: Date;
  readonly warnings: readonly string[];
  readonly machine: HostResources['machine'];
  readonly resources: Omit<GeneratorResources, 'peakSockets' | 'sources'>;
  readonly acceptsLimited: boolean;
}

/** Builds the summary of a run. */
export function summarize(scenario: Scenario, input: SummaryInput): Summary {
  const { figures, ledger, counts, interrupted, target, course, elapsedSec } = input;
  course.setMet(counts);
  const workers = ledger.results();
  const lostSessions = workers.reduce((sum, worker) => sum + worker.lostSessions, 0);
  const checks = counts === undefined ? [] : crossChecks(figures.total, counts, lostSessions);
  const results = evaluateThresholds(scenario.thresholds, figures);
  const thresholds = withAbort(results, scenario.thresholds, input.abort);
  const resources = { ...input.resources, peakSockets: input.peakSockets, sources: ledger.sources };
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
  });
  return {
    schemaVersion: SUMMARY_SCHEMA_VERSION,
    tool: { name: 'fleetstorm', version },
    scenario: {
      name: scenario.name,
      seed: scenario.seed,
      target: target.description,
      sha256: createHash('sha256').update(input.yaml).digest('hex'),
    },
    machine: input.machine,
    startedAt: input.startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    plannedDurationSec: scenario.durationUs / US_PER_SEC,
    elapsedSec,
    interrupted,
    verdict,
    exitCode: exitCodeOf({
      interrupted,
      verdict,
      thresholds,
      acceptsLimited: input.acceptsLimited,
    }),
    thresholds,
    total: figures.total,
    fleets: [...figures.fleets],
    ...(input.isOver ? { neverOnline: [...input.neverOnline] } : {}),
    ...(input.kernel === undefined ? {} : { kernel: input.kernel }),
    ...(input.isOver ? { hints: hintsOf(input) } : {}),
    events: course.rows(elapsedSec),
    disturbances: [...figures.disturbances],
    crossChecks: checks,
    generator,
    workers,
    warnings: [
      ...input.warnings,
      ...eventWarnings(input),
      ...(areFailuresWanted || target.died !== undefined ? [] : lockedOutFleets(figures)),
    ],
  };
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

/** Stalls during the attempts that show how late the tool was. */
function stallsOf({ total, distributions }: FiguresSoFar): StallFigures {
  const [judged] = total.outcomes;
  if (judged === undefined) return {};
  const stalls = [...(distributions(undefined)?.stalls ?? [])].find(([outcome]) => outcome === judged.outcome);
  return stallFigures(stalls?.[1], judged.count);
}

function eventWarnings({ isOver, course, elapsedSec, interrupted, abort }: SummaryInput): string[] {
  return isOver ? course.warnings(elapsedSec, interrupted || abort !== undefined) : [];
}

/** The smallest latency that a threshold tests: the tool itself must be faster than this. */
function smallestLimitUs({ thresholds }: Scenario, results: Summary['thresholds']): number | undefined {
  const limits = thresholds.flatMap(({ limit }, index) => (results[index]?.unit === 'us' && limit > 0 ? [limit] : []));
  return limits.length === 0 ? undefined : Math.min(...limits);
}
