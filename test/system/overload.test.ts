import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { runCli } from '../e2e/cli.ts';
import { testBed } from './test-bed.ts';

/** The verdict on a generator that cannot keep its plan. That on one that has nothing to do: alone/verdict.test.ts. */

const DEVICES = 1_000;

const bed = testBed();

/**
 * Late on any machine, by most of the time that its logins take; the rest of the run is for slow machines to log them in. Device names of its own:
 * to mosquitto, two runs' devices of one name that sign in the same millisecond have the same client id, and the later one kicks the earlier.
 */
function overload(fleet: string): string {
  return JSON.stringify({
    version: 1,
    name: 'overload',
    duration: '20s',
    workers: 1,
    client: 'lean',
    target: { mqtt: `mqtt://127.0.0.1:${bed.port}` },
    fleets: [{ name: fleet, productKey: 'pk', devices: DEVICES, connect: { arrival: 'rate', rate: '50000/s' } }],
  });
}

/* Side by side at one broker, so that neither may be in the way of the other's local ports. */
describe.concurrent('a generator overloaded on purpose: 50,000 logins a second planned for one worker', () => {
  it.for([
    { way: 'fails the program', exit: 97, args: [] },
    { way: 'is told all the same when it is accepted', exit: 0, args: ['--accept-limited'] },
  ])('is generator-limited, which $way', async ({ exit, args }, { expect }) => {
    const out = join(bed.folder, `overload-${exit}`);
    const file = `${out}.yaml`;
    await writeFile(file, overload(`m${exit}`));
    const { code, stdout: words, stderr } = await runCli(['run', file, '--out', out, ...args]);
    const summary = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
    expect([code, summary.exitCode], words + stderr).toEqual([exit, exit]);
    expect(summary.verdict.verdict).toBe('generator-limited');
    const late =
      /^1% of the attempts started [\d.]+m?s late or later, \d+% of the response time's p99 of [\d.]+m?s: use (?:more workers or more machines|more machines, or plan fewer logins per second)$/;
    expect(summary.verdict.reasons).toContainEqual(expect.stringMatching(late));
    expect(words).toContain('generator-limited');
    // Late, but nothing is lost: every planned session logged in.
    expect(summary.total.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['accepted', DEVICES]]);
  });
});
