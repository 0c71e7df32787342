import { describe, expect, it } from 'vitest';
import { LoopWatch } from '../../../../src/fleet/watch/loop-watch.ts';

/** A watch whose wake-ups come when the test says so. */
class WatchBench {
  nowUs = 0;
  isAwaiting = false;
  readonly watch = new LoopWatch({ nowUs: () => this.nowUs }, () => this.isAwaiting);

  constructor() {
    this.watch.start();
    this.watch.stop();
  }

  /** The next wake-up comes this late. */
  wake(lateUs = 0): void {
    this.nowUs += 10_000 + lateUs;
    this.watch.wake();
  }

  /** What has stood still until now, as an attempt asks it. */
  asked(): number {
    return this.watch.stalledUs(this.nowUs);
  }
}

describe('LoopWatch', () => {
  it('tells each attempt to the microsecond how long the loop stood still while it was under way', () => {
    const bench = new WatchBench();
    const before = bench.asked();
    bench.wake(5_000_000);
    const between = bench.asked();
    bench.wake();
    bench.wake(60_000);
    expect([between - before, bench.asked() - between, bench.asked() - before]).toEqual([5_000_000, 60_000, 5_060_000]);
  });

  it('takes lateness below its floor for a busy machine', () => {
    const bench = new WatchBench();
    for (let wakes = 0; wakes < 100; wakes++) bench.wake(50_000);
    expect(bench.asked()).toBe(0);
  });

  it('finds a stall with whatever comes first after it, and counts it once', () => {
    const bench = new WatchBench();
    bench.wake();
    const before = bench.asked();
    // An attempt starts, late, before the wake-up that the stall held up.
    bench.nowUs += 10_000 + 500_000;
    const lateStart = bench.asked();
    bench.watch.wake();
    expect([lateStart - before, bench.asked() - lateStart]).toEqual([500_000, 0]);
  });

  it('leaves no sample while nothing is awaited', () => {
    const bench = new WatchBench();
    bench.wake(600_000);
    bench.wake();
    expect(bench.watch.take()).toEqual({ p99Us: 0, maxUs: 0, counts: undefined });
  });

  it('samples the wake-ups around which an attempt was under way, by the time they were late', () => {
    const bench = new WatchBench();
    bench.isAwaiting = true;
    bench.wake();
    bench.wake();
    bench.isAwaiting = false;
    // Under way when it began: 30 ms late is three times 10 ms.
    bench.wake(30_000);
    bench.wake(700_000);
    const { maxUs, counts } = bench.watch.take();
    expect(counts?.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(maxUs).toBe(30_015);
    expect(bench.watch.take().counts).toBeUndefined();
  });

  it('samples a wake-up before which an attempt came and went', () => {
    const bench = new WatchBench();
    bench.asked();
    bench.wake(2_000);
    expect(bench.watch.take().maxUs).toBe(2_000);
  });

  it('takes no samples any more once told so, and still knows what attempts lose', () => {
    const bench = new WatchBench();
    bench.isAwaiting = true;
    bench.watch.stopSampling();
    const before = bench.asked();
    bench.wake(90_000);
    expect([bench.asked() - before, bench.watch.take().maxUs]).toEqual([90_000, 0]);
  });
});
