import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { describe, expect, it } from 'vitest';
import { type Summary, summarySchema } from '../../../src/results/summary/summary.ts';
import { runCli } from '../../e2e/cli.ts';
import { playScenario } from '../../fixtures/played-scenario.ts';
import { Bystander } from './bystander.ts';
import { testBed } from './test-bed.ts';

/** The verdict at both ends: a generator that cannot keep its plan, and one that has nothing to do. */

/** Late on any machine, by most of the time that its logins take; the rest of the run is for slow machines to log them in. */
const OVERLOAD = { devices: 3_000, connect: { arrival: 'rate', rate: '50000/s' } };
const IDLE = { devices: 20, connect: { arrival: 'ramp', over: '500ms' } };
const IDLE_RUNS = 20;
/** An idle process that is later than this once does not get a core when it is due, and nor does a generator. */
const MAX_BYSTANDER_LATE_MS = 20;

const bed = testBed();

function scenarioOf(name: string, duration: string, load: typeof OVERLOAD | typeof IDLE): string {
  return JSON.stringify({
    version: 1,
    name,
    duration,
    workers: 1,
    client: 'lean',
    target: { mqtt: `mqtt://127.0.0.1:${bed.port}` },
    fleets: [{ name: 'm', productKey: 'pk', ...load }],
  });
}

function countsOf({ total }: Summary): (string | number)[][] {
  return total.outcomes.map(({ outcome, count }) => [outcome, count]);
}

describe('a generator overloaded on purpose: 50,000 logins a second planned for one worker', () => {
  it.each([
    { way: 'fails the program', exit: 97, args: [] },
    { way: 'is told all the same when it is accepted', exit: 0, args: ['--accept-limited'] },
  ])('is generator-limited, which $way', async ({ exit, args }) => {
    const out = join(bed.folder, `overload-${exit}`);
    const file = `${out}.yaml`;
    await writeFile(file, scenarioOf('overload', '8s', OVERLOAD));
    const { code, stdout: words, stderr } = await runCli(['run', file, '--out', out, ...args]);
    const summary = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
    expect([code, summary.exitCode], words + stderr).toEqual([exit, exit]);
    expect(summary.verdict.verdict).toBe('generator-limited');
    const late =
      /^1 % of the attempts started [\d.]+m?s late or later, \d+ % of the response time's p99 of [\d.]+m?s: use (?:more workers or more machines|more machines, or plan fewer logins per second)$/;
    expect(summary.verdict.reasons).toContainEqual(expect.stringMatching(late));
    expect(words).toContain('generator-limited');
    // Late, but nothing is lost: every planned session logged in.
    expect(countsOf(summary)).toEqual([['accepted', OVERLOAD.devices]]);
  });
});

describe('an idle generator', () => {
  it(`is valid in each of ${IDLE_RUNS} runs in which there was a core for it`, async () => {
    const found: unknown[] = [];
    for (let run = 0; run < IDLE_RUNS; run++) {
      const bystander = await Bystander.start();
      const summary = await playScenario(scenarioOf('idle', '1s', IDLE), { onThreads: true });
      const { maxMs } = await bystander.stop();
      expect(countsOf(summary)).toEqual([['accepted', IDLE.devices]]);
      if (maxMs <= MAX_BYSTANDER_LATE_MS) found.push(summary.verdict);
      else expect(['valid', 'generator-limited']).toContain(summary.verdict.verdict);
    }
    stdout.write(`${found.length} of ${IDLE_RUNS} runs had a core\n`);
    expect(found).toEqual(found.map(() => ({ verdict: 'valid', reasons: [] })));
  });
});
