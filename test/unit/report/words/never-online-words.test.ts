import { describe, expect, it } from 'vitest';
import {
  lastOutcomeOf,
  lookCommand,
  neverOnlineWords,
  unlistedWords,
} from '../../../../src/report/words/never-online-words.ts';
import type { FleetSummary } from '../../../../src/results/summary/fleet-summary.ts';
import type { Summary } from '../../../../src/results/summary/summary.ts';
import { stormSummary } from '../../../fixtures/reports/storm-run.ts';

function summary(devices: FleetSummary['devices'], more: Partial<Summary> = {}): Summary {
  const { neverOnline: _neverOnline, ...made } = stormSummary();
  return { ...made, total: { ...made.total, devices }, ...more };
}

function listed(count: number): Summary['neverOnline'] {
  return Array.from({ length: count }, (_, index) => ({ fleet: 'meters', index, device: `m-${index}`, attempts: 1 }));
}

describe('neverOnlineWords', () => {
  it.each<[string, FleetSummary['devices'], string | undefined]>([
    ['all were online', { planned: 1_200, started: 1_200, online: 1_200 }, undefined],
    ['nobody counted them', undefined, undefined],
    [
      'some were tried in vain',
      { planned: 1_200, started: 1_200, online: 1_080 },
      '120 of 1,200 started devices were never online',
    ],
    ['a single one was', { planned: 1, started: 1, online: 0 }, '1 of 1 started device was never online'],
    [
      'others were not started',
      { planned: 1_200, started: 800, online: 798 },
      '2 of 800 started devices were never online; 400 more were not started before the end',
    ],
    [
      'all that were started were online',
      { planned: 11, started: 10, online: 10 },
      '1 device was not started before the end',
    ],
    ['the number of devices is not known', { started: 10, online: 10 }, undefined],
  ])('if %s', (_when, devices, words) => {
    expect(neverOnlineWords(summary(devices))).toBe(words);
  });
});

describe('unlistedWords', () => {
  const devices = { planned: 500, started: 500, online: 350 };

  it('says why not all are listed', () => {
    expect(unlistedWords(summary(devices, { neverOnline: listed(100) }))).toBe(
      'the first 100 are listed, by fleet and place in it',
    );
    const [worker] = stormSummary().workers;
    const lost = worker === undefined ? [] : [{ ...worker, state: 'died' as const }];
    expect(unlistedWords(summary(devices, { neverOnline: listed(75), workers: lost }))).toBe(
      'the first 75 are listed, by fleet and place in it, without those of workers that were lost',
    );
    expect(unlistedWords(summary(devices))).toBe('which ones is not known');
  });

  it('has nothing to say if all are', () => {
    expect(unlistedWords(summary({ ...devices, online: 490 }, { neverOnline: listed(10) }))).toBeUndefined();
    expect(unlistedWords(summary({ ...devices, online: 500 }))).toBeUndefined();
  });
});

describe('lastOutcomeOf', () => {
  it('is the outcome, or that there was none', () => {
    const device = { fleet: 'meters', index: 0, device: 'm-0', attempts: 2 };
    expect([lastOutcomeOf({ ...device, outcome: 'refused-4' }), lastOutcomeOf(device)]).toEqual([
      'refused-4',
      'cut short',
    ]);
  });
});

describe('lookCommand', () => {
  const given = { file: 'my storm.yaml', options: ['--set', 'fleets.0.devices=5'] };

  function found(more: Partial<Summary>): string | undefined {
    const made = stormSummary();
    return lookCommand({ ...made, scenario: { ...made.scenario, given }, ...more })?.join(' ');
  }

  it('looks at the first device that was refused, in its fleet if there are several', () => {
    const [first] = listed(1) ?? [];
    if (first === undefined) expect.fail('no device');
    const neverOnline = [first, { ...first, device: "m'1", outcome: 'refused-4' }];
    const fleets = stormSummary().fleets.slice(0, 1);
    const command = "fleetstorm login 'my storm.yaml' --set fleets.0.devices=5";
    expect(found({ neverOnline, fleets })).toBe(`${command} --device 'm'\\''1'`);
    expect(found({ neverOnline: [first], fleets: [...fleets, ...fleets] })).toBe(
      `${command} --fleet meters --device m-0`,
    );
  });

  it('is not known without a device, or without a file', () => {
    expect(found({ neverOnline: [] })).toBeUndefined();
    expect(lookCommand({ ...stormSummary(), neverOnline: listed(1) })).toBeUndefined();
  });
});
