import { expect, it } from 'vitest';
import { KickRecorder } from '../../../../src/metrics/measure/kick-recorder.ts';

it('has no news of an interval without any', () => {
  const recorder = new KickRecorder();
  recorder.kicked(1_000_000, undefined);
  const times = recorder.take();
  expect(times?.lifetimes).not.toEqual(times?.periods);
  expect(recorder.take()).toBeUndefined();
});
