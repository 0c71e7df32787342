import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerWheel, WheelTimer } from '../../../src/time/wheel.ts';

const MS = 1_000;

/** Advances a wheel as a driver would and records when each timer fires. */
function play(dueMs: readonly number[], startMs = 0): Map<number, number> {
  const wheel = new TimerWheel(startMs * MS);
  const fired = new Map<number, number>();
  let nowMs = startMs;
  for (const [id, due] of dueMs.entries()) {
    wheel.start(new WheelTimer({ onTimer: () => void fired.set(id, nowMs) }), due * MS);
  }
  for (let nextUs = wheel.nextUs(); nextUs !== undefined; nextUs = wheel.nextUs()) {
    nowMs = nextUs / MS;
    wheel.advance(nextUs);
  }
  return fired;
}

describe('TimerWheel', () => {
  it('fires each timer at its millisecond, over all levels', () => {
    const due = [1, 2, 255, 256, 257, 300, 16_383, 16_384, 20_000, 1_048_575, 1_048_576, 5_000_000];
    expect([...play(due).entries()].sort((a, b) => a[0] - b[0])).toEqual(due.map((ms, id) => [id, ms]));
  });

  it('fires any timers exactly when due, whatever the start', () => {
    const times = fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(times, fc.integer({ min: -100_000, max: 10_000_000 }), (delays, startMs) => {
        const due = delays.map((delay) => startMs + delay);
        const fired = play(due, startMs);
        for (const [id, ms] of due.entries()) expect(fired.get(id)).toBe(ms);
      }),
      { numRuns: 20 },
    );
  });

  it('never fires early: a due instant inside a millisecond waits for its end', () => {
    const wheel = new TimerWheel(0);
    let count = 0;
    wheel.start(new WheelTimer({ onTimer: () => count++ }), 1_500);
    wheel.advance(1_999);
    expect(count).toBe(0);
    wheel.advance(2_000);
    expect(count).toBe(1);
  });

  it('does not fire a cancelled timer, and fires a restarted one once', () => {
    const wheel = new TimerWheel(0);
    let count = 0;
    const timer = new WheelTimer({ onTimer: () => count++ });
    wheel.start(timer, 5 * MS);
    wheel.cancel(timer);
    wheel.cancel(timer);
    expect(wheel.size).toBe(0);
    wheel.start(timer, 5 * MS);
    wheel.start(timer, 400 * MS);
    expect(wheel.size).toBe(1);
    wheel.advance(399 * MS);
    expect(count).toBe(0);
    wheel.advance(1_000 * MS);
    expect([count, wheel.size]).toEqual([1, 0]);
  });

  it('lets a timer restart itself from its own firing', () => {
    const wheel = new TimerWheel(0);
    const at: number[] = [];
    const timer: WheelTimer = new WheelTimer({
      onTimer: () => {
        at.push(at.length + 1);
        if (at.length < 5) wheel.start(timer, at.length * 256 * MS);
      },
    });
    wheel.start(timer, 1 * MS);
    wheel.advance(10_000 * MS);
    expect(at).toHaveLength(5);
  });

  it('fires a timer that was due in the past at the next tick', () => {
    const wheel = new TimerWheel(1_000 * MS);
    let count = 0;
    wheel.start(new WheelTimer({ onTimer: () => count++ }), 3 * MS);
    wheel.advance(1_001 * MS);
    expect(count).toBe(1);
  });

  it('tells a sleeping driver of earlier timers', () => {
    const wheel = new TimerWheel(0);
    const told: number[] = [];
    wheel.driver = { onTimerStarted: (dueUs) => told.push(dueUs) };
    wheel.start(new WheelTimer(), 7 * MS);
    expect(told).toEqual([7 * MS]);
  });

  it('catches up after a long stall', () => {
    const wheel = new TimerWheel(0);
    let count = 0;
    for (let ms = 1; ms <= 3_000; ms += 7) wheel.start(new WheelTimer({ onTimer: () => count++ }), ms * MS);
    wheel.advance(60_000 * MS);
    expect(count).toBe(429);
  });
});
