import { expect, it } from 'vitest';
import { generatedRoster, inTurn } from '../../../src/device/list/roster.ts';
import { deviceAtTurn } from '../../../src/plan/turns.ts';

it('devices take turns, and after the last comes the first again', () => {
  const turns = { from: 28, of: 30 };
  expect([0, 1, 2, 31, 32].map((session) => deviceAtTurn(session, turns))).toEqual([28, 29, 0, 29, 0]);
});

it('a roster in turn has as many sessions as are played, each with its device and secret', () => {
  const all = generatedRoster('meters', 'a1', 30, 1);
  const roster = inTurn(all, 100, { from: 28, of: 30 });
  expect(roster.count).toBe(100);
  expect([0, 2, 32].map((session) => roster.nameAt(session))).toEqual([
    'meters-000029',
    'meters-000001',
    'meters-000001',
  ]);
  expect(roster.deviceAt(1)).toEqual(all.deviceAt(29));
  expect(inTurn(all, 30, undefined)).toBe(all);
});
