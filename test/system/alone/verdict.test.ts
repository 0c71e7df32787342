import { stdout } from 'node:process';
import { expect, it } from 'vitest';
import { playScenario } from '../../fixtures/played-scenario.ts';
import { testBed } from '../test-bed.ts';
import { Bystander } from './bystander.ts';

/** The verdict on a generator that has nothing to do. That on one that cannot keep its plan: overload.test.ts. */

const DEVICES = 20;
const RUNS = 20;
/** So many at a time: each has a thread of its own, and next to nothing to do. */
const BESIDE = 2;
/** An idle process that is later than this once does not get a core when it is due, and nor does a generator. */
const MAX_BYSTANDER_LATE_MS = 20;

const bed = testBed();

function idleScenario(): string {
  return JSON.stringify({
    version: 1,
    name: 'idle',
    duration: '1s',
    workers: 1,
    client: 'lean',
    target: { mqtt: `mqtt://127.0.0.1:${bed.port}` },
    fleets: [{ name: 'm', productKey: 'pk', devices: DEVICES, connect: { arrival: 'ramp', over: '300ms' } }],
  });
}

it(`an idle generator is valid in each of ${RUNS} runs in which there was a core for it`, async () => {
  const found: unknown[] = [];
  for (let run = 0; run < RUNS; run += BESIDE) {
    const bystander = await Bystander.start();
    const plays = Array.from({ length: BESIDE }, () => playScenario(idleScenario(), { onThreads: true }));
    const summaries = await Promise.all(plays);
    const { maxMs } = await bystander.stop();
    for (const { total, verdict } of summaries) {
      expect(total.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['accepted', DEVICES]]);
      if (maxMs <= MAX_BYSTANDER_LATE_MS) found.push(verdict);
      else expect(['valid', 'generator-limited']).toContain(verdict.verdict);
    }
  }
  stdout.write(`${found.length} of ${RUNS} runs had a core\n`);
  expect(found).toEqual(found.map(() => ({ verdict: 'valid', reasons: [] })));
});
