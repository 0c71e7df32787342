import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TokenBucket } from '../../../../src/emulator/login/token-bucket.ts';
import { WaitingLine } from '../../../../src/emulator/login/waiting-line.ts';

const clock = { nowUs: () => performance.now() * 1_000 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Enters so many and notes who came through, and when. */
function crowd(line: WaitingLine, count: number): { through: [number, number][]; leave: (index: number) => void } {
  const through: [number, number][] = [];
  const places = Array.from({ length: count }, (_, index) => {
    const place = line.enter();
    const note = (): void => void through.push([index, Math.round(performance.now())]);
    if (place === undefined) note();
    else void place.turn.then(note);
    return place;
  });
  return { through, leave: (index) => places[index]?.leave() };
}

test('a burst passes at once, the others at the rate, in order', async () => {
  const line = new WaitingLine(new TokenBucket({ perSec: 10, burst: 2 }), clock);
  const { through } = crowd(line, 5);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(through).toEqual([
    [0, 0],
    [1, 0],
    [2, 100],
    [3, 200],
    [4, 300],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a rate above what timers can do is kept exactly: several come through at a time', async () => {
  const line = new WaitingLine(new TokenBucket({ perSec: 4_000, burst: 1 }), clock);
  const { through } = crowd(line, 8_001);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(through).toHaveLength(4_001);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(through).toHaveLength(8_001);
});

test('who leaves costs nobody a turn, and who comes later is behind those who wait', async () => {
  const line = new WaitingLine(new TokenBucket({ perSec: 1, burst: 1 }), clock);
  const { through, leave } = crowd(line, 3);
  leave(1);
  await vi.advanceTimersByTimeAsync(999);
  const late = crowd(line, 1);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(through.filter(([index]) => index !== 1)).toEqual([
    [0, 0],
    [2, 1_000],
  ]);
  expect(late.through).toEqual([[0, 2_000]]);
});

test('once it is open everybody is through and no timer is left', async () => {
  const line = new WaitingLine(new TokenBucket({ perSec: 1, burst: 1 }), clock);
  const { through } = crowd(line, 100);
  line.open();
  await vi.advanceTimersByTimeAsync(0);
  expect(through).toHaveLength(100);
  expect(vi.getTimerCount()).toBe(0);
});

test('once one has waited for too long, the line moves more slowly, for good', async () => {
  const line = new WaitingLine(new TokenBucket({ perSec: 10, burst: 1 }), clock, { waitUs: 250_000, perSec: 1 });
  const { through } = crowd(line, 6);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(through).toEqual([
    [0, 0],
    [1, 100],
    [2, 200],
    [3, 1_300],
    [4, 2_300],
    [5, 3_300],
  ]);
  // Less load does not bring it back.
  await vi.advanceTimersByTimeAsync(60_000);
  const { through: later } = crowd(line, 3);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(later.map(([, atMs]) => atMs - (later[0]?.[1] ?? 0))).toEqual([0, 1_000, 2_000]);
});

test('a line in which nobody waits for too long stays as it is', async () => {
  const line = new WaitingLine(new TokenBucket({ perSec: 10, burst: 1 }), clock, { waitUs: 250_000, perSec: 1 });
  for (let round = 0; round < 5; round++) {
    const { through } = crowd(line, 3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(through).toHaveLength(3);
  }
});
