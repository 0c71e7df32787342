import { execFile } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** A run is a value that can be made again: twenty of them in one process leave nothing behind. */

const PROGRAM = fileURLToPath(new URL('../fixtures/workers/repeated-runs.js', import.meta.url));
const TEXT = `
version: 1
name: again
duration: 5m
target: { emulator: { profile: "2017" } }
client: lean
fleets:
  - { name: meters, productKey: a1Meters, devices: 40, connect: { arrival: burst } }
events:
  - { at: 0s, delay: { fixed: 1ms, for: 60s } }
`;
/** Runs that start an emulator of their own, and runs against one that stays up, which cost half as much. */
const OWN = 3;
const LENT = 17;
/** Caches, and what V8 keeps of compiled code, come with the first runs. */
const FIRST = 4;
const MOST_GROWTH_MIB = 4;

interface Footprint {
  readonly handles: readonly string[];
  readonly threads: number;
  readonly descriptors: number;
}

interface Printed {
  /** After one run, before those that are compared with it. */
  readonly first: Footprint;
  /** With the emulator that stays up. */
  readonly withTarget: Footprint;
  readonly runs: readonly {
    readonly outcomes: readonly (readonly [string, number])[];
    readonly differences: readonly unknown[];
    readonly met: readonly number[];
    readonly left: Footprint & { readonly heapMiB: number };
  }[];
  /** By the emulator that stayed up, over all its runs. */
  readonly accepted: number;
  readonly atLast: Footprint;
}

test.skipIf(process.platform !== 'linux')(
  'twenty runs in one process leave no handle, thread, descriptor or memory behind',
  async () => {
    const args = ['--expose-gc', PROGRAM, TEXT, String(OWN), String(LENT)];
    const { stdout } = await promisify(execFile)(execPath, args, { maxBuffer: 1 << 24 });
    const { first, withTarget, runs, accepted, atLast } = JSON.parse(stdout) as Printed;
    expect(runs).toHaveLength(OWN + LENT);
    for (const [index, { outcomes, differences, met, left }] of runs.entries()) {
      expect({ index, outcomes, differences, met }).toEqual({
        index,
        outcomes: [['accepted', 40]],
        differences: [],
        met: [40],
      });
      expectNoMore(left, index < OWN ? first : withTarget);
    }
    expect(accepted).toBe(40 * LENT);
    expectNoMore(atLast, first);
    const heapsMiB = runs.map(({ left }) => left.heapMiB);
    expect(median(heapsMiB.slice(-FIRST)) - median(heapsMiB.slice(0, FIRST))).toBeLessThan(MOST_GROWTH_MIB);
  },
  480_000,
);

function expectNoMore(left: Footprint, before: Footprint): void {
  expect(left.handles).toEqual(before.handles);
  expect(left.threads).toBeLessThanOrEqual(before.threads);
  expect(left.descriptors).toBeLessThanOrEqual(before.descriptors);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
