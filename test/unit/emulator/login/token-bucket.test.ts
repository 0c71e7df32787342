import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from '../../../../src/emulator/login/token-bucket.ts';

const SEC = 1_000_000;

function admitted(bucket: TokenBucket, nowUs: number, asked: number): number {
  return Array.from({ length: asked }, () => bucket.take(nowUs)).filter(Boolean).length;
}

test('it is full at the start, admits its burst at once and then its rate', () => {
  const bucket = new TokenBucket({ perSec: 500, burst: 500 });
  expect(admitted(bucket, 7 * SEC, 10_000)).toBe(500);
  expect(admitted(bucket, 7 * SEC + 1_999, 1)).toBe(0);
  expect(admitted(bucket, 7 * SEC + 2_000, 2)).toBe(1);
  expect(admitted(bucket, 8 * SEC, 10_000)).toBe(499);
});

test('it saves no more than its burst', () => {
  const bucket = new TokenBucket({ perSec: 10, burst: 3 });
  expect(admitted(bucket, 0, 10)).toBe(3);
  expect(admitted(bucket, 3_600 * SEC, 10)).toBe(3);
});

test('a wave a second of 10,000 devices, 500/s: 20 waves, 10.5 attempts a device (docs/protocol.md section 6)', () => {
  const bucket = new TokenBucket({ perSec: 500, burst: 500 });
  let outside = 10_000;
  let attempts = 0;
  let waves = 0;
  for (; outside > 0; waves += 1) {
    attempts += outside;
    outside -= admitted(bucket, waves * SEC, outside);
  }
  expect(waves).toBe(20);
  expect(attempts / 10_000).toBe(10.5);
});

test('a million admissions later it is still exact to the microsecond', () => {
  const bucket = new TokenBucket({ perSec: 3, burst: 1 });
  let nowUs = 0;
  let admissions = 0;
  for (let count = 0; count < 1_000_000; count += 1) {
    if (bucket.take(nowUs)) admissions += 1;
    nowUs = Math.max(nowUs, bucket.nextAtUs());
  }
  expect(admissions).toBe(1_000_000);
  expect(Math.abs(nowUs - (1_000_000 / 3) * SEC)).toBeLessThan(1);
});

test('within any time it admits at most burst + rate x time, and never less when asked all the time', () => {
  const steps = fc.array(fc.tuple(fc.nat(3_000_000), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 100 }), steps, (perSec, burst, asks) => {
      const bucket = new TokenBucket({ perSec, burst });
      let nowUs = 0;
      // The textbook's bucket, in whole tokens of a millionth so that its sums are exact.
      let millionths = burst * SEC;
      for (const [pauseUs, asked] of asks) {
        nowUs += pauseUs;
        millionths = Math.min(burst * SEC, millionths + pauseUs * perSec);
        const expected = Math.min(asked, Math.floor(millionths / SEC));
        millionths -= expected * SEC;
        expect(admitted(bucket, nowUs, asked)).toBe(expected);
      }
    }),
  );
});

test.each([
  { perSec: 0, burst: 1 },
  { perSec: 1, burst: 0 },
  { perSec: Number.NaN, burst: 1 },
])('there is no bucket of %o', (rate) => {
  expect(() => new TokenBucket(rate)).toThrow(RangeError);
});
