import { expect, it } from 'vitest';
import { cpuTime, idleShare } from '../../../../src/study/hold/idle-machine.ts';

it('tells which share of the time a machine was idle', () => {
  expect(idleShare({ idle: 1_000, whole: 2_000 }, { idle: 1_250, whole: 3_000 })).toBe(0.25);
  expect(idleShare({ idle: 1_000, whole: 2_000 }, { idle: 1_000, whole: 2_010 })).toBe(1);
  const { idle, whole } = cpuTime();
  expect(idle).toBeGreaterThan(0);
  expect(whole).toBeGreaterThan(idle);
});
