import { join } from 'node:path';
import type { WorkerEnd } from '../../host/host.ts';
import type { Snapshot } from '../../metrics/measure/snapshot.ts';
import type { MergedInterval } from '../../metrics/merge/merge.ts';
import { partOf } from '../../plan/split.ts';
import { SHARE_RECORD_FILE } from '../../results/share-result.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import { EventCourse } from '../../run/events/event-course.ts';
import { IntervalCollector } from '../../run/interval-collector.ts';
import type { CountedScenario } from '../../run/plan/counted-plan.ts';
import { countedShards } from '../../run/plan/shards.ts';
import { summarize } from '../../run/summary/summarize.ts';
import { WorkerLedger } from '../../run/worker-ledger.ts';
import { readRecord } from '../record/read-record.ts';
import { descriptorsOf, hostResult, kernelOf, machineOf, warningsOf } from './merged-facts.ts';
import { ReplayedShare, type ReplayTarget } from './replayed-share.ts';
import type { SurveyedShare } from './surveyed-share.ts';

/** What is done with the merged run while it is made. */
export interface MergeOptions {
  /** Receives each interval of the run, in order. */
  readonly onInterval: (line: TimelineLine, merged: MergedInterval) => void;
  /** Treats a run that the tool limited like any other. */
  readonly acceptsLimited?: boolean | undefined;
}

/**
 * Makes one run of all its shares, by their numbers: what one coordinator would have made of it, had it heard all their workers. Reads their
 * records side by side, so memory does not grow with the length of the run. Rejects if a record changes meanwhile, or cannot be read.
 */
export async function mergeShares(shares: readonly SurveyedShare[], options: MergeOptions): Promise<Summary> {
  const [first] = shares;
  if (first === undefined) throw new RangeError('no shares to merge');
  const { plan, yaml } = first.head;
  const run = new MergedRun(plan, shares, options);
  await run.play();
  return run.summary(yaml, options.acceptsLimited === true);
}

/** The start of a merged run: that of the first of its shares. */
export function mergedStart(shares: readonly SurveyedShare[]): Date {
  return new Date(Math.min(...shares.map(({ started }) => Date.parse(started.start))));
}

class MergedRun implements ReplayTarget {
  readonly #plan: CountedScenario;
  readonly #shares: readonly SurveyedShare[];
  readonly #replays: ReplayedShare[] = [];
  readonly #ledger: WorkerLedger;
  readonly #course: EventCourse;
  readonly #collector: IntervalCollector;
  /** Source addresses in use, by the machine they belong to. */
  readonly #sources = new Set<string>();
  readonly #machineOf: string[] = [];

  constructor(plan: CountedScenario, shares: readonly SurveyedShare[], { onInterval }: MergeOptions) {
    this.#plan = plan;
    this.#shares = shares;
    const shards = shares.flatMap(({ head, started }) => countedShards(plan, partOf(head, started.workers)));
    for (const share of shares) this.#add(share);
    this.#ledger = new WorkerLedger(shards);
    this.#ledger.placed(this.#replays.flatMap(({ hosts }) => hosts));
    this.#course = new EventCourse(plan.events);
    this.#collector = new IntervalCollector(shards, plan, this.#course, onInterval);
  }

  onSnapshot(snapshot: Snapshot): void {
    for (const source of snapshot.health.newSources ?? [])
      this.#sources.add(`${this.#machineOf[snapshot.worker]}/${source}`);
    this.#ledger.reported(snapshot);
    this.#collector.add(snapshot);
  }

  onWorkerEnd(worker: number, end: WorkerEnd): void {
    this.#ledger.ended(worker, end);
    this.#collector.workerGone(worker, end.state !== 'finished');
  }

  /** Plays all records, the earliest interval first. */
  async play(): Promise<void> {
    const left = new Map<ReplayedShare, number>();
    for (const replay of this.#replays) await this.#advance(replay, left);
    for (;;) {
      const next = earliestOf(left);
      if (next === undefined) return;
      next.play(this);
      await this.#advance(next, left);
    }
  }

  summary(yaml: string, acceptsLimited: boolean): Summary {
    const figures = this.#collector.finish();
    const { faults, neverStarted, neverOnline, peakSockets } = this.#collector;
    const shares = this.#shares;
    const start = mergedStart(shares);
    const workers = this.#ledger.results();
    return summarize(this.#plan, {
      ...{ isOver: true, figures, neverStarted, neverOnline, faults, peakSockets, yaml, acceptsLimited },
      ledger: this.#ledger,
      course: this.#course,
      interrupted: false,
      abort: undefined,
      // Where the machines of the shares had the scenario is not where this one has it.
      given: undefined,
      elapsedSec: Math.max(...shares.map(({ over, knownSec }) => over?.elapsedSec ?? knownSec)),
      beginsAt: start,
      target: { description: shares[0]?.started.target ?? '', died: undefined },
      counts: undefined,
      kernel: kernelOf(shares),
      startedAt: earliest(shares.map(({ started }) => started.startedAt)),
      finishedAt: latest(shares.map((share) => share.over?.finishedAt ?? endOf(share))),
      warnings: warningsOf(shares),
      machine: machineOf(shares),
      resources: { client: this.#plan.client, ...descriptorsOf(shares), sources: this.#sources.size },
      hosts: shares.map((share) => hostResult(share, workers, start.getTime())),
    });
  }

  #add(share: SurveyedShare): void {
    const firstWorker = this.#machineOf.length;
    const machine = share.started.kernelId ?? `share ${share.head.index}`;
    for (let worker = 0; worker < share.started.workers; worker++) this.#machineOf.push(machine);
    this.#replays.push(new ReplayedShare(share, readRecord(join(share.folder, SHARE_RECORD_FILE)), firstWorker));
  }

  async #advance(replay: ReplayedShare, left: Map<ReplayedShare, number>): Promise<void> {
    const interval = await replay.nextInterval(this);
    if (interval === undefined) left.delete(replay);
    else left.set(replay, interval);
  }
}

function earliestOf(left: ReadonlyMap<ReplayedShare, number>): ReplayedShare | undefined {
  let found: ReplayedShare | undefined;
  let lowest = Number.POSITIVE_INFINITY;
  for (const [replay, interval] of left) {
    if (interval >= lowest) continue;
    lowest = interval;
    found = replay;
  }
  return found;
}

/** Of a share that was killed, the end of what is known of it. */
function endOf({ started, knownSec }: SurveyedShare): string {
  return new Date(Date.parse(started.start) + knownSec * 1_000).toISOString();
}

function earliest(instants: readonly string[]): Date {
  return new Date(Math.min(...instants.map((instant) => Date.parse(instant))));
}

function latest(instants: readonly string[]): Date {
  return new Date(Math.max(...instants.map((instant) => Date.parse(instant))));
}
