import { hrtime } from 'node:process';
import type { AttemptBatch } from '../fleet/attempts/attempt-batch.ts';
import type { PlannedShard } from '../fleet/protocol.ts';
import type { Host, HostListener, Placement, WorkerEnd, Workers } from '../host/host.ts';
import type { RunTarget } from '../host/run-target.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import type { MergedInterval } from '../metrics/merge/merge.ts';
import type { EventId } from '../plan/timetable.ts';
import type { KernelCounts } from '../results/summary/latency-hint.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { TimelineLine } from '../results/timeline-line.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { RunEvents } from './events/run-events.ts';
import { type FiguresSoFar, IntervalCollector } from './interval-collector.ts';
import type { Observers } from './observers.ts';
import { shardPlans } from './plan/shards.ts';
import type { RunStop } from './run-stop.ts';
import { type RunStart, runStart } from './start-time.ts';
import type { Played } from './summary/summarize.ts';
import { type ThresholdAbort, ThresholdWatch } from './threshold-watch.ts';
import { watchWorkers } from './watchdog.ts';
import { WorkerLedger } from './worker-ledger.ts';

/** What the coordinator of a run works with. */
export interface CoordinatorParts {
  readonly scenario: Scenario;
  readonly host: Host;
  readonly target: RunTarget;
  readonly placement: Placement;
  /** Wall-clock time at which the run is to start; undefined: as soon as it can. */
  readonly startAt?: Date | undefined;
  readonly observers: Observers;
  readonly stop: RunStop;
  /** Turns what has been played so far into a summary. */
  readonly summaryOf: (soFar: Played) => Summary;
}

/** Leads the workers of one run from their start to their last report, and keeps what they report. */
export class Coordinator implements HostListener {
  readonly #parts: CoordinatorParts;
  readonly #shards: readonly PlannedShard[];
  readonly #ledger: WorkerLedger;
  readonly #events: RunEvents;
  readonly #collector: IntervalCollector;
  readonly #watch: ThresholdWatch;
  #workers: Workers | undefined;
  /** Instant 0 of the plan; undefined before it is fixed. */
  #start: RunStart | undefined;
  /** What the kernel has counted since shortly before the start. */
  #kernelCounts: (() => Promise<KernelCounts | undefined>) | undefined;
  #isInterrupted = false;

  constructor(parts: CoordinatorParts) {
    const { scenario, target, placement, observers } = parts;
    const { split } = placement;
    this.#parts = parts;
    const keepsAttempts = observers.wantsAttempts;
    this.#shards = shardPlans(scenario, split, target.endpoints).map((shard) => ({ ...shard, keepsAttempts }));
    this.#ledger = new WorkerLedger(this.#shards);
    this.#events = new RunEvents(scenario, {
      workers: split.workers,
      control: target.control,
      broadcast: (message) => this.#workers?.broadcast(message),
      onFault: (words) => this.#collector.addFault(words),
    });
    const onInterval = (line: TimelineLine, merged: MergedInterval): void => this.#onInterval(line, merged);
    this.#collector = new IntervalCollector(this.#shards, scenario, this.#events.course, onInterval);
    this.#watch = new ThresholdWatch(
      scenario.thresholds,
      scenario.durationUs,
      () => this.#collector.figures(),
      (abort) => this.#abort(abort),
    );
  }

  /** Plays the run. Call it only once. */
  async play(): Promise<Played> {
    const { scenario, host, target, stop } = this.#parts;
    const workers = host.startWorkers({ scenario, target, shards: this.#shards }, this);
    this.#workers = workers;
    this.#ledger.placed(workers.hosts);
    try {
      await Promise.race([workers.ready().then(() => this.#events.before()), stop.asked]);
      const start = await this.#whenToStart();
      if (start === undefined) return this.#notBegun(workers);
      this.#kernelCounts = await host.kernelCounts();
      const { epochNs } = start;
      this.#begin(workers, start);
      await this.#ended(workers, epochNs);
      this.#watch.over();
      return this.#played(this.#collector.finish(), Number(hrtime.bigint() - epochNs) / 1e9);
    } finally {
      this.#events.stop();
      await workers.close();
    }
  }

  /** What the kernel of the machine counted during the run; undefined where it does not tell, or if the run never began. */
  async kernelCounts(): Promise<KernelCounts | undefined> {
    return await this.#kernelCounts?.();
  }

  onSnapshot(snapshot: Snapshot): void {
    this.#parts.observers.heard({ type: 'snapshot', snapshot });
    this.#ledger.reported(snapshot);
    this.#collector.add(snapshot);
  }

  onAttempts(batch: AttemptBatch, taken: () => void, host?: string): void {
    this.#parts.observers.attempts(batch, host);
    taken();
  }

  onOnline(worker: number, online: readonly number[]): void {
    this.#events.online(worker, online);
  }

  onEventKnown(worker: number, event: EventId): void {
    this.#events.known(worker, event);
  }

  onWorkerEnd(worker: number, end: WorkerEnd): void {
    this.#parts.observers.heard({ type: 'worker-end', worker, end });
    this.#events.workerGone(worker);
    this.#ledger.ended(worker, end);
    this.#collector.workerGone(worker, end.state !== 'finished');
  }

  /** The run was stopped before its first instant. */
  #notBegun(workers: Workers): Played {
    this.#isInterrupted = true;
    this.#stopAt(0);
    workers.cutShort();
    return this.#played(this.#collector.finish(), 0);
  }

  /** Fixes instant 0 of the plan, and waits until shortly before it; undefined if the run was stopped. */
  async #whenToStart(): Promise<RunStart | undefined> {
    const { stop, startAt, observers, host } = this.#parts;
    if (stop.mode !== 'none') return undefined;
    if (startAt !== undefined) observers.waiting(startAt);
    return await runStart(startAt, stop.asked, host.startLeadMs);
  }

  /** Announces instant 0 of the plan to workers, events and observers. */
  #begin(workers: Workers, start: RunStart): void {
    const { stop } = this.#parts;
    void stop.asked.then(() => this.#endEarly());
    void stop.askedAtOnce.then(() => workers.cutShort());
    this.#start = start;
    workers.broadcast({ type: 'start', epochNs: start.epochNs });
    this.#events.start(start.epochNs);
    this.#tellStart(start.beginsAt);
  }

  #tellStart(beginsAt: Date): void {
    const { scenario, target, placement, observers, stop, summaryOf } = this.#parts;
    observers.started({
      scenario,
      target: target.description,
      workers: placement.split.workers,
      hosts: this.#workers?.hosts ?? [],
      part: placement.part,
      beginsAt,
      figures: () => this.#collector.figures(),
      summary: () => {
        const figures = this.#collector.figures();
        return summaryOf(this.#played(figures, figures.lastInterval?.endSec ?? 0, false));
      },
      course: () => this.#collector.course(),
      stop: () => stop.askInOrder(),
    });
  }

  async #ended(workers: Workers, epochNs: bigint): Promise<void> {
    const watchdog = watchWorkers(workers, this.#ledger, epochNs, this.#parts.host.maxOwedIntervals);
    await workers.ended();
    watchdog.stop();
  }

  #onInterval(line: TimelineLine, merged: MergedInterval): void {
    this.#parts.observers.interval(line, merged);
    this.#watch.interval(line.endSec);
  }

  #abort(abort: ThresholdAbort): void {
    this.#drain();
    this.#parts.observers.aborted(abort);
  }

  #endEarly(): void {
    this.#isInterrupted = this.#watch.abort === undefined;
    this.#watch.over();
    this.#drain();
  }

  /** Ends the plan: nothing new starts, and sessions end in order. */
  #drain(): void {
    this.#events.stop();
    this.#stopAt(this.#start === undefined ? 0 : Number(hrtime.bigint() - this.#start.epochNs) / 1_000);
    this.#workers?.broadcast({ type: 'stop' });
  }

  #stopAt(atUs: number): void {
    this.#collector.stop(atUs);
    this.#parts.observers.heard({ type: 'stopped', atUs });
  }

  #played(figures: FiguresSoFar, elapsedSec: number, isOver = true): Played {
    const { faults, peakSockets, neverStarted, neverOnline } = this.#collector;
    return {
      isOver,
      figures,
      neverStarted,
      neverOnline,
      ledger: this.#ledger,
      course: this.#events.course,
      faults,
      interrupted: this.#isInterrupted,
      abort: this.#watch.abort,
      elapsedSec,
      beginsAt: this.#start?.beginsAt,
      peakSockets,
      workerHosts: this.#workers?.hosts ?? [],
    };
  }
}
