import type { AttemptBatch } from '../fleet/attempts/attempt-batch.ts';
import type { MergedInterval } from '../metrics/merge/merge.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { TimelineLine } from '../results/timeline-line.ts';
import type { RunObserver, StartedRun } from './observer.ts';
import type { RunNews } from './run-news.ts';
import type { ThresholdAbort } from './threshold-watch.ts';

/** Presents all observers of a run as one. An error thrown by one of them is kept as a failure, and the others are still notified. */
export class Observers implements Required<Omit<RunObserver, 'title'>> {
  readonly #all: readonly RunObserver[];
  readonly #failures = new Map<RunObserver, string>();

  constructor(observers: readonly RunObserver[]) {
    this.#all = observers;
  }

  /** Whether any observer wants raw attempts. */
  get wantsAttempts(): boolean {
    return this.#all.some(({ attempts }) => attempts !== undefined);
  }

  /** Descriptions of the observers that have failed. */
  get failures(): readonly string[] {
    return [...this.#failures.values()];
  }

  get faults(): readonly string[] {
    return [...this.#all.flatMap(({ faults = [] }) => faults), ...this.failures];
  }

  waiting(startAt: Date): void {
    this.#tell((observer) => observer.waiting?.(startAt));
  }

  started(run: StartedRun): void {
    this.#tell((observer) => observer.started?.(run));
  }

  interval(line: TimelineLine, merged: MergedInterval): void {
    this.#tell((observer) => observer.interval?.(line, merged));
  }

  attempts(batch: AttemptBatch, host?: string): void {
    this.#tell((observer) => observer.attempts?.(batch, host));
  }

  heard(news: RunNews): void {
    this.#tell((observer) => observer.heard?.(news));
  }

  aborted(abort: ThresholdAbort): void {
    this.#tell((observer) => observer.aborted?.(abort));
  }

  async ended(): Promise<void> {
    await Promise.all(this.#all.map((observer) => this.#settled(observer, () => observer.ended?.())));
  }

  async finished(summary: Summary): Promise<void> {
    for (const observer of this.#all) {
      if (!this.#failures.has(observer)) await this.#settled(observer, () => observer.finished?.(summary));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((observer) => this.#settled(observer, () => observer.close?.())));
  }

  #tell(news: (observer: RunObserver) => unknown): void {
    for (const observer of this.#all) {
      if (this.#failures.has(observer)) continue;
      try {
        const told = news(observer);
        // An asynchronous observer may still fail later.
        if (told instanceof Promise) told.catch((error: unknown) => this.#failed(observer, error));
      } catch (error) {
        this.#failed(observer, error);
      }
    }
  }

  async #settled(observer: RunObserver, act: () => void | Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#failed(observer, error);
    }
  }

  #failed(observer: RunObserver, error: unknown): void {
    if (this.#failures.has(observer)) return;
    const why = error instanceof Error ? error.message : String(error);
    this.#failures.set(observer, `${observer.title ?? 'an observer of the run'} failed: ${why}`);
  }
}
