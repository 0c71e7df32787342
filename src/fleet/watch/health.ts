import { closeSync, openSync, readSync } from 'node:fs';
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { INTERVAL_US } from '../../metrics/measure/interval.ts';
import type { WorkerHealth } from '../../metrics/measure/snapshot.ts';
import type { LoopWatch } from './loop-watch.ts';

/** What the probe asks the sources of a worker's connections; a `SourcePool`. */
export interface WatchedSources {
  readonly use: { readonly leastLeft: number | undefined };
  takeNewlyUsed(): number[];
}

/** Health once measuring has ended. */
const AT_REST: WorkerHealth = {
  eventLoopDelayP99Us: 0,
  eventLoopDelayMaxUs: 0,
  cpuShare: 0,
  gcShare: 0,
  measuredUs: 0,
};

/**
 * Watches this worker thread itself: how late its event loop is, and how much CPU it takes, from the start until the sessions are told to
 * end. What ending them takes is in no latency, so it says nothing about the run.
 */
export class HealthProbe {
  readonly #loop: Pick<LoopWatch, 'take' | 'stopSampling'>;
  readonly #sources: WatchedSources | undefined;
  readonly #cpu = threadCpuReader();
  readonly #collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.#gcUs += duration * 1_000;
  });
  #gcUs = 0;
  #cpuUs = 0;
  #atUs = 0;
  #isAtRest = false;
  /** Health up to the stop, not handed out yet. */
  #last: WorkerHealth | undefined;

  /** `sources`: undefined if the system chooses them. */
  constructor(loop: Pick<LoopWatch, 'take' | 'stopSampling'>, sources?: WatchedSources) {
    this.#loop = loop;
    this.#sources = sources;
  }

  start(): void {
    this.#collections.observe({ entryTypes: ['gc'] });
    this.#cpuUs = this.#cpu.read();
    this.#atUs = performance.now() * 1_000;
  }

  stop(): void {
    this.#collections.disconnect();
    this.#cpu.close();
  }

  /** The sessions are being ended: nothing from now on is measured. */
  rest(): void {
    if (this.#isAtRest) return;
    this.#last = this.#measure();
    this.#isAtRest = true;
    this.#loop.stopSampling();
  }

  /** Health since the last call. */
  take(): WorkerHealth {
    if (!this.#isAtRest) return this.#measure();
    const last = this.#last ?? AT_REST;
    this.#last = undefined;
    return last;
  }

  #measure(): WorkerHealth {
    const nowUs = performance.now() * 1_000;
    const cpuUs = this.#cpu.read();
    const measuredUs = nowUs - this.#atUs;
    // The last interval is cut short by the end of the run; still, divide by a whole second.
    const elapsedUs = Math.max(INTERVAL_US, measuredUs);
    const delay = this.#loop.take();
    const health = {
      eventLoopDelayP99Us: delay.p99Us,
      eventLoopDelayMaxUs: delay.maxUs,
      eventLoopDelay: delay.counts,
      measuredUs,
      cpuShare: Math.max(0, (cpuUs - this.#cpuUs) / elapsedUs),
      gcShare: Math.min(1, this.#gcUs / elapsedUs),
      portsLeft: this.#sources?.use.leastLeft,
      newSources: this.#sources?.takeNewlyUsed() ?? [],
    };
    this.#gcUs = 0;
    this.#cpuUs = cpuUs;
    this.#atUs = nowUs;
    return health;
  }
}

/** Returns the CPU time this thread has used so far, in microseconds. */
interface CpuReader {
  read(): number;
  close(): void;
}

/** Longer than the three numbers of a schedstat file. */
const SCHEDSTAT_BYTES = 128;

/**
 * Node 20 reports CPU time per process only, so the kernel's own count for the thread is read on Linux; elsewhere the event loop's busy
 * time is used instead. The file stays open: a run with no descriptor left must still be able to measure itself.
 */
function threadCpuReader(): CpuReader {
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r');
    const text = Buffer.alloc(SCHEDSTAT_BYTES);
    const read = (): number => {
      const length = readSync(file, text, 0, text.length, 0);
      return Number(text.toString('latin1', 0, length).split(' ')[0]) / 1_000;
    };
    if (read() > 0) return { read, close: () => closeSync(file) };
    closeSync(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return { read: () => performance.eventLoopUtilization().active * 1_000, close: () => undefined };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
}
