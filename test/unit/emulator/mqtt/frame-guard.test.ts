import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameGuard } from '../../../../src/emulator/mqtt/frame-guard.ts';

function frame(bodyBytes: number): Buffer {
  const head = [0x30];
  let rest = bodyBytes;
  do {
    head.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(bodyBytes, 0xff)]);
}

test('allows packets up to the limit and not one byte more', () => {
  expect(new FrameGuard(1_000).allows(Buffer.concat([frame(1_000), frame(0), frame(1_000)]))).toBe(true);
  expect(new FrameGuard(1_000).allows(Buffer.concat([frame(1_000), frame(1_001)]))).toBe(false);
});

test('finds a too large packet by its length alone', () => {
  expect(new FrameGuard(1_000).allows(frame(1_001).subarray(0, 3))).toBe(false);
});

test('rejects a length of more than four bytes', () => {
  expect(new FrameGuard(Number.MAX_SAFE_INTEGER).allows(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff]))).toBe(false);
});

test('however the stream is cut, it is allowed exactly when every packet is', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(400), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 90 })), (sizes, cuts) => {
      const stream = Buffer.concat(sizes.map(frame));
      const guard = new FrameGuard(300);
      let isAllowed = true;
      let at = 0;
      for (const cut of [...cuts, stream.length]) {
        isAllowed = isAllowed && guard.allows(stream.subarray(at, at + cut));
        at += cut;
      }
      expect(isAllowed).toBe(sizes.every((size) => size <= 300));
    }),
  );
});
