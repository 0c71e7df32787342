import { closeSync, openSync, readSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { INTERVAL_US } from '../metrics/interval.ts';
import type { WorkerHealth } from '../metrics/snapshot.ts';

const SAMPLE_MS = 10;

/** Watches this worker thread itself: how late its event loop is, and how much CPU it takes. */
export class HealthProbe {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  readonly #cpu = threadCpuReader();
  readonly #collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.#gcUs += duration * 1_000;
  });
  readonly #portsLeft: () => number | undefined;
  #gcUs = 0;
  #cpuUs = 0;
  #atUs = 0;

  /** `portsLeft`: local ports of the source that has fewest left. */
  constructor(portsLeft: () => number | undefined = () => undefined) {
    this.#portsLeft = portsLeft;
  }

  start(): void {
    this.#collections.observe({ entryTypes: ['gc'] });
    this.#delay.enable();
    this.#cpuUs = this.#cpu.read();
    this.#atUs = performance.now() * 1_000;
  }

  stop(): void {
    this.#collections.disconnect();
    this.#cpu.close();
    this.#delay.disable();
  }

  /** Health since the last call. */
  take(): WorkerHealth {
    const nowUs = performance.now() * 1_000;
    const cpuUs = this.#cpu.read();
    // The last interval ends with the run: what closing all sessions took is no share of the few milliseconds it lasted.
    const elapsedUs = Math.max(INTERVAL_US, nowUs - this.#atUs);
    const health = {
      eventLoopDelayP99Us: lateUs(this.#delay.percentile(99)),
      eventLoopDelayMaxUs: lateUs(this.#delay.max),
      cpuShare: Math.max(0, (cpuUs - this.#cpuUs) / elapsedUs),
      gcShare: Math.min(1, this.#gcUs / elapsedUs),
      portsLeft: this.#portsLeft(),
    };
    this.#delay.reset();
    this.#gcUs = 0;
    this.#cpuUs = cpuUs;
    this.#atUs = nowUs;
    return health;
  }
}

/** The monitor's samples are the gaps of a periodic timer in nanoseconds; what exceeds the period is delay. */
function lateUs(gapNs: number): number {
  // An untouched histogram reports a maximum of 0 and a minimum of 2^63.
  return Number.isFinite(gapNs) && gapNs > 0 && gapNs < 1e15
    ? Math.max(0, Math.round(gapNs / 1_000 - SAMPLE_MS * 1_000))
    : 0;
}

/** Tells how much CPU this thread has used so far, in microseconds. */
interface CpuReader {
  read(): number;
  close(): void;
}

/** Longer than the three numbers of a schedstat file. */
const SCHEDSTAT_BYTES = 128;

/**
 * Node 20 can tell only a process's CPU, so Linux' own count of the thread is read; where there is none, the time the event loop was busy
 * stands in for it. The file stays open: a run that has no descriptor left must still be able to tell how it does.
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
