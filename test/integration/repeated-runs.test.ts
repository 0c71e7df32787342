import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { ALL_TUNINGS, NO_TUNING, type Tuning } from '../../dist/host/machine/tuning.js';
import { ThreadHost } from '../../dist/host/threads/thread-host.js';
import { type RunSettings, runScenario } from '../../dist/run/run.js';
import { loadScenario } from '../../dist/scenario/load.js';
import type { Summary } from '../../src/results/summary/summary.ts';

/** A run is a value that can be made again: twenty of them in one process leave nothing behind. */

const TEXT = `
version: 1
name: again
duration: 1s
target: { emulator: { profile: "2017" } }
workers: 2
fleets:
  - { name: meters, productKey: a1Meters, devices: 40, connect: { arrival: burst } }
events:
  - { at: 0s, delay: { fixed: 1ms, for: 60s } }
`;
const OWN = 10;
const LENT = 10;
/** Caches, and what V8 keeps of compiled code, come with the first runs. */
const FIRST = 4;
const MOST_GROWTH_MIB = 4;
/** A busy machine takes seconds for what an idle one does in a tenth of them. */
const TIMEOUT_MS = 480_000;

interface Footprint {
  readonly resources: readonly string[];
  readonly threads: number;
  readonly descriptors: number;
  readonly heapMiB: number;
}

/** Contexts that are made while the flag is set know `gc`. */
setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('globalThis.gc');
setFlagsFromString('--no-expose-gc');

function collect(): void {
  if (typeof gc === 'function') Reflect.apply(gc, undefined, []);
}

function footprint(): Footprint {
  collect();
  return {
    resources: process
      .getActiveResourcesInfo()
      .filter((kind) => /Timeout|TCP|Worker|MessagePort|Process|FSReq/.test(kind))
      .sort(),
    threads: countIn('/proc/self/task'),
    descriptors: countIn('/proc/self/fd'),
    heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
  };
}

function countIn(folder: string): number {
  return process.platform === 'linux' ? readdirSync(folder).length : 0;
}

/** Ends of threads and children are told a few turns after they have ended. */
async function settled(before: Footprint): Promise<Footprint> {
  await expect
    .poll(() => {
      const { resources, threads, descriptors } = footprint();
      return (
        resources.length <= before.resources.length && threads <= before.threads && descriptors <= before.descriptors
      );
    })
    .toBe(true);
  return footprint();
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function scenarioOf() {
  const check = await loadScenario({ path: 'inline.yaml', text: TEXT }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  return check.scenario;
}

function expectWhole({ total, crossChecks, events = [] }: Summary): void {
  expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 40 }]);
  expect(crossChecks.filter(({ tool, emulator, rule }) => rule === 'equal' && tool !== emulator)).toEqual([]);
  expect(events).toMatchObject([{ met: 40 }]);
}

test(
  'twenty runs in one process leave no handle, thread, descriptor or memory behind',
  async () => {
    const scenario = await scenarioOf();
    const play = async (tuning: Tuning, more: Partial<RunSettings> = {}): Promise<Summary> => {
      const { summary } = await runScenario(scenario, { host: new ThreadHost({ env: {}, tuning }), ...more });
      return summary;
    };
    // Threads of libuv and the like are made by their first use.
    await play(ALL_TUNINGS);
    const atFirst = footprint();
    const heapsMiB: number[] = [];
    for (let run = 0; run < OWN; run++) {
      // A few of them with all that is done to the process.
      expectWhole(await play(run % 4 === 0 ? ALL_TUNINGS : NO_TUNING));
      heapsMiB.push((await settled(atFirst)).heapMiB);
    }
    const target = await new ThreadHost({ env: {}, tuning: NO_TUNING }).openTarget(scenario, []);
    const withTarget = footprint();
    for (let run = 0; run < LENT; run++) {
      expectWhole(await play(NO_TUNING, { target }));
      heapsMiB.push((await settled(withTarget)).heapMiB);
    }
    expect((await target.counts())?.accepted).toBe(40 * LENT);
    await target.close();
    await settled(atFirst);
    const growthMiB = median(heapsMiB.slice(-FIRST)) - median(heapsMiB.slice(0, FIRST));
    expect(growthMiB).toBeLessThan(MOST_GROWTH_MIB);
  },
  TIMEOUT_MS,
);
