import { expect, test } from 'vitest';
import { TokenBucket } from '../../../src/emulator/login/token-bucket.ts';
import { type ReconnectPolicy, retryWaitUs } from '../../../src/plan/ladder.ts';
import { DEFAULT_POLICY } from '../../../src/plan/reconnect-presets.ts';

/** The table of docs/protocol.md section 6, played: 10,000 devices lost at once, 500 logins per second, burst 500. */

const SEC = 1_000_000;
const DEVICES = 10_000;

interface Storm {
  /** From the loss until the last device is in. */
  readonly lastSec: number;
  readonly attemptsPerDevice: number;
  /** Attempts in the fullest second. */
  readonly peak: number;
}

/** Every device tries when its wait is over, and again after its next wait if it was refused; by the millisecond. */
function storm(policy: Partial<ReconnectPolicy>): Storm {
  const full: ReconnectPolicy = { ...DEFAULT_POLICY, ...policy };
  const bucket = new TokenBucket({ perSec: 500, burst: 500 });
  const due: { device: number; retry: number }[][] = [];
  const plan = (device: number, retry: number, fromMs: number): void => {
    const chance = { stream: 1, device, draw: retry };
    const waitMs = Math.max(1, Math.round(retryWaitUs(full, { retry, previousWaitUs: 0 }, chance) / 1_000));
    due[fromMs + waitMs] ??= [];
    due[fromMs + waitMs]?.push({ device, retry });
  };
  for (let device = 0; device < DEVICES; device += 1) plan(device, 0, 0);
  const perSec: number[] = [];
  let lastMs = 0;
  for (let ms = 0; ms < due.length; ms += 1) {
    for (const { device, retry } of due[ms] ?? []) {
      const sec = Math.floor(ms / 1_000);
      perSec[sec] = (perSec[sec] ?? 0) + 1;
      if (bucket.take(ms * 1_000)) lastMs = ms;
      else plan(device, retry + 1, ms);
    }
  }
  const counts = perSec.filter((count) => count > 0);
  const attempts = counts.reduce((sum, count) => sum + count, 0);
  return { lastSec: lastMs / 1_000, attemptsPerDevice: attempts / DEVICES, peak: Math.max(...counts) };
}

const DOUBLING = { growth: 'exponential', baseUs: SEC, factor: 2, capUs: 60 * SEC } as const;

test('a fixed wait takes 20 waves, and 10.5 attempts per device', () => {
  expect(storm({ growth: 'fixed', baseUs: SEC })).toMatchObject({ lastSec: 20, attemptsPerDevice: 10.5 });
});

test('doubling without jitter takes as many waves, spread over 903 s', () => {
  expect(storm(DOUBLING)).toMatchObject({ lastSec: 903, attemptsPerDevice: 10.5 });
});

test('full jitter takes about a minute and four attempts, with a first second above all devices', () => {
  const { lastSec, attemptsPerDevice, peak } = storm({ ...DOUBLING, jitter: { kind: 'full' } });
  expect(lastSec).toBeGreaterThan(50);
  expect(lastSec).toBeLessThan(90);
  expect(attemptsPerDevice).toBeCloseTo(3.9, 0);
  expect(peak).toBeGreaterThan(DEVICES);
});

test('a first retry spread over N / C takes little more than that, and one attempt', () => {
  const spread = { ...DOUBLING, first: { kind: 'uniform', us: 20 * SEC }, jitter: { kind: 'full' } } as const;
  const { lastSec, attemptsPerDevice } = storm(spread);
  expect(lastSec).toBeGreaterThan(19);
  expect(lastSec).toBeLessThan(30);
  expect(attemptsPerDevice).toBeLessThan(1.1);
});
