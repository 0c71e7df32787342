import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRun } from '../../../../src/cli/run/run-checks.ts';
import type { RunArgs } from '../../../../src/cli/run/run-options.ts';
import { runValidate } from '../../../../src/cli/validate.ts';
import { FakeIo } from '../emulator-io.ts';

const QUICKSTART = fileURLToPath(new URL('../../../../scenarios/quickstart.yaml', import.meta.url));

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-checks-'));
  await writeFile(join(dir, 'mine.txt'), '');
});
afterAll(() => rm(dir, { recursive: true }));

/** Words that only tell what was not done, or what to do about it. */
const AROUND = /^Noth?ing was |nothing was run$|^If you may load it|so the run was not started/;

describe('validate tells what run refuses', () => {
  it.each<[string, () => Partial<RunArgs>]>([
    ['a folder that holds other files', () => ({ out: dir })],
    ['a folder inside a file', () => ({ out: join(dir, 'mine.txt', 'out') })],
    ['a file in a folder that is not there', () => ({ attempts: join(dir, 'none', 'a.csv') })],
    ['two outputs in one file', () => ({ attempts: join(dir, 'x'), junit: join(dir, 'x') })],
    ['an output that is the scenario', () => ({ junit: QUICKSTART })],
    ['sources that this machine does not have', () => ({ set: ['sources=["198.51.100.7"]'] })],
    ['a fault of the scenario', () => ({ set: ['seed=x'] })],
    ['thresholds without a possible value', () => ({ set: ['thresholds=["nobody.response.p99 < 1s"]'] })],
  ])('%s', async (_what, options) => {
    const args = { file: QUICKSTART, set: [], 'allow-remote': [], ...options() };
    const [run, validate] = [new FakeIo(), new FakeIo()];
    const checked = await checkRun(run, args);
    expect(checked).toHaveProperty('exitCode');
    const code = await runValidate(validate, args);
    expect({ exitCode: code }).toEqual(checked);
    const words = run.err.split('\n').filter((line) => line !== '' && !AROUND.test(line));
    expect(words.length).toBeGreaterThan(0);
    for (const line of words) expect(validate.err).toContain(line);
  });

  it('a target that is not this machine, which needs to be named only to be loaded', async () => {
    const args = { file: QUICKSTART, set: ['target.mqtt=mqtt://192.0.2.1'], 'allow-remote': [] };
    const [run, validate] = [new FakeIo(), new FakeIo()];
    expect(await checkRun(run, args)).toEqual({ exitCode: 3 });
    expect(await runValidate(validate, args)).toBe(0);
    for (const io of [run, validate]) expect(io.err).toContain("--allow-remote '192.0.2.1'");
  });
});
