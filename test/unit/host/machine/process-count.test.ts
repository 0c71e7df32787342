import { describe, expect, it } from 'vitest';
import { descriptorsNeeded, fullestProcess } from '../../../../src/host/machine/descriptor-need.ts';
import { processCount } from '../../../../src/host/machine/process-count.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';

async function scenarioOf(devices: number, workers: number | 'auto' = 'auto') {
  const fleet = { name: 'm', devices, auth: { mode: 'password' }, connect: { arrival: 'ramp', over: '60s' } };
  const scenario = {
    version: 1,
    name: 's',
    duration: '2m',
    workers,
    target: { mqtt: 'mqtt://127.0.0.1' },
    fleets: [fleet],
  };
  const check = await loadScenario({ path: 's.yaml', text: JSON.stringify(scenario) }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  return check.scenario;
}

const LIMITS = { descriptors: 20_000, cores: 2 };

describe('the fullest process', () => {
  it.each([
    [
      { sessions: 30_000, workers: 2, processes: 2 },
      { sessions: 15_000, workers: 1 },
    ],
    [
      { sessions: 30_000, workers: 3, processes: 2 },
      { sessions: 20_000, workers: 2 },
    ],
    [
      { sessions: 10, workers: 4, processes: 3 },
      { sessions: 5, workers: 2 },
    ],
  ])('of %j holds %j', (spread, fullest) => {
    expect(fullestProcess(spread)).toEqual(fullest);
    expect(descriptorsNeeded(spread)).toBe(fullest.sessions + 64 + 16 * fullest.workers);
  });
});

describe('the number of processes', () => {
  it.each<[number, number, number | 'auto' | undefined, number | undefined]>([
    [1_000_000, 1, undefined, undefined],
    [1_000, 1, 'auto', undefined],
    [19_920, 1, 'auto', undefined],
    [19_921, 2, 'auto', undefined],
    [39_840, 2, 'auto', undefined],
    [39_841, 3, 'auto', undefined],
    // Three workers in two processes: one of them has two thirds.
    [35_000, 3, 'auto', 3],
    [1_000, 4, 4, undefined],
    [3, 3, 8, undefined],
    [1_000_000, 51, 'auto', undefined],
  ])('for %d sessions is %d when %s is asked for, with workers %s', async (sessions, processes, asked, workers) => {
    expect(processCount(await scenarioOf(sessions), LIMITS, asked, workers)).toBe(processes);
  });

  it('is one where the system does not say how many files a process may open', async () => {
    expect(processCount(await scenarioOf(100_000), { descriptors: undefined, cores: 2 }, 'auto')).toBe(1);
  });
});
