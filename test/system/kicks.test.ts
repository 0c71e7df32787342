import { join } from 'node:path';
import { expect, it } from 'vitest';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { runCli } from '../e2e/cli.ts';
import { testBed } from './test-bed.ts';

const bed = testBed();

it('tells kicks from other closings on mosquitto, which kicks by client id', async () => {
  const settings = [
    `target.mqtt=mqtt://127.0.0.1:${bed.port}`,
    'fleets.0.devices=20',
    'fleets.0.connect={ arrival: ramp, over: 1s }',
    'fleets.0.duplicates={ fraction: 5, copies: 2, start: { later: 300ms } }',
    'duration=6s',
    'thresholds=[]',
  ].flatMap((setting) => ['--set', setting]);
  // Whether this machine was quick enough is not what is tested.
  const out = ['--json', '--accept-limited', '--out', join(bed.folder, 'kicks')];
  const { code, stdout } = await runCli(['run', 'scenarios/any-broker.yaml', ...settings, ...out]);
  const { total, disturbances } = summarySchema.parse(JSON.parse(stdout));
  expect(code).toBe(0);
  expect(Object.keys(total.ended).sort()).toEqual(['kicked', 'stopped']);
  expect(total.kicks?.devicesInLoop).toBe(5);
  // One session a device stays; every login beside the last one of each device was ended by a kick.
  const accepted = total.outcomes.find(({ outcome }) => outcome === 'accepted')?.count ?? 0;
  expect(total.ended['stopped']).toBe(20);
  expect(total.ended['kicked']).toBe(accepted - 20);
  expect(disturbances).toEqual([]);
});
