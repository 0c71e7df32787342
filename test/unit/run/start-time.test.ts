import { hrtime } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runStart } from '../../../src/run/start-time.ts';

const NOW = Date.parse('2026-12-01T10:00:00.000Z');
const NS_PER_MS = 1_000_000n;
const NEVER = new Promise<void>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether the epoch was fixed, between these two readings of the monotonic clock, to be so many milliseconds later. */
function isLater(epochNs: bigint | undefined, ms: bigint, fromNs: bigint, untilNs: bigint): boolean {
  return epochNs !== undefined && epochNs - ms * NS_PER_MS >= fromNs && epochNs - ms * NS_PER_MS <= untilNs;
}

describe('the start of a run', () => {
  it('is as soon as every worker can have heard of it', async () => {
    const beforeNs = hrtime.bigint();
    const start = await runStart(undefined, NEVER);
    expect(start?.beginsAt.getTime()).toBe(NOW + 200);
    expect(isLater(start?.epochNs, 200n, beforeNs, hrtime.bigint())).toBe(true);
  });

  it('is the appointed time, on both clocks', async () => {
    const starting = runStart(new Date(NOW + 3_600_000), NEVER);
    const beforeNs = hrtime.bigint();
    await vi.advanceTimersByTimeAsync(3_600_000 - 700);
    const start = await starting;
    expect(start?.beginsAt.getTime()).toBe(NOW + 3_600_000);
    expect(isLater(start?.epochNs, 700n, beforeNs, hrtime.bigint())).toBe(true);
  });

  it('is the appointed time although a timer is late', async () => {
    const starting = runStart(new Date(NOW + 60_000), NEVER);
    await vi.advanceTimersByTimeAsync(59_000);
    vi.setSystemTime(NOW + 59_390);
    await vi.advanceTimersByTimeAsync(300);
    expect((await starting)?.beginsAt.getTime()).toBe(NOW + 60_000);
  });

  it('is late, and says so, where the appointed time is past or too near', async () => {
    for (const ms of [-5_000, 0, 150])
      expect((await runStart(new Date(NOW + ms), NEVER))?.beginsAt.getTime()).toBe(NOW + 200);
  });

  it('follows a clock that is set while it waits', async () => {
    const starting = runStart(new Date(NOW + 60_000), NEVER);
    await vi.advanceTimersByTimeAsync(10_000);
    vi.setSystemTime(NOW + 59_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await starting)?.beginsAt.getTime()).toBeLessThanOrEqual(NOW + 60_200);
  });

  it('is none where the run is stopped before', async () => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const starting = runStart(new Date(NOW + 60_000), stopped);
    await vi.advanceTimersByTimeAsync(10_000);
    stop();
    expect(await starting).toBeUndefined();
  });
});
