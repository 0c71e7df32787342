import { expect, it } from 'vitest';
import { cpuTime, idleShare } from '../../../../src/study/hold/idle-machine.ts';

it('tells which share of the time a machine was idle', () => {
  expect(idleShare({ idle: 100, whole: 200 }, { idle: 125, whole: 300 })).toBe(0.25);
  expect(idleShare({ idle: 100, whole: 200 }, { idle: 100, whole: 200 })).toBe(1);
  const { idle, whole } = cpuTime();
  expect(idle).toBeGreaterThan(0);
  expect(whole).toBeGreaterThan(idle);
});
