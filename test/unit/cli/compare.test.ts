import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCompare } from '../../../src/cli/compare.ts';
import type { Io, Output } from '../../../src/cli/io.ts';
import { writeStormRun } from '../../fixtures/reports/storm-run.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-compare-'));
  const shape = { intervals: 60, sessionsPerFleet: 50, fleets: ['a', 'b'] };
  await writeStormRun(join(dir, 'before'), shape);
  await writeStormRun(join(dir, 'after'), { ...shape, sessionsPerFleet: 80 });
});
afterAll(() => rm(dir, { recursive: true }));

function capture(): Output & { text: string } {
  return {
    text: '',
    isTTY: false,
    columns: 100,
    write(text) {
      this.text += text;
    },
  };
}

async function compare(names: readonly string[], gates: readonly string[] = [], html?: string, tolerance = '25%') {
  const [stdout, stderr] = [capture(), capture()];
  const io: Io = {
    argv: [],
    env: { LANG: 'en_US.UTF-8' },
    ...{ stdout, stderr, stdin: process.stdin },
    onSignal: () => () => undefined,
    onExit: () => () => undefined,
    exitNow: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const dirs = names.map((name) => join(dir, name));
  const code = await runCompare(io, { dirs, 'fail-if': gates, html, all: false, tolerance });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe('compare', () => {
  it('exits with 0 when nothing failed and with 99 when a condition did', async () => {
    expect((await compare(['before', 'after'])).code).toBe(0);
    expect((await compare(['before', 'after'], ['attempts.count > +50%'])).code).toBe(99);
    expect((await compare(['before', 'after'], ['attempts.count > +60%'])).code).toBe(0);
  });

  it('fails a regression when that is asked for, within the tolerance that is given', async () => {
    expect((await compare(['before', 'before'], ['regression'])).code).toBe(0);
    const { code, stdout } = await compare(['before', 'after'], [' regression ']);
    expect([code, stdout]).toEqual([99, expect.stringMatching(/FAILED {2}regression {2}B {2}worse: .*failed\.count/)]);
    expect((await compare(['before', 'after'], ['regression'], undefined, '70 %')).code).toBe(0);
  });

  it('takes no tolerance that is not a share', async () => {
    const { code, stderr } = await compare(['before', 'after'], [], undefined, 'much');
    expect([code, stderr]).toEqual([2, '--tolerance takes a share such as 25%, and not much\n']);
  });

  it('tells every condition that it cannot read, and compares nothing', async () => {
    const { code, stdout, stderr } = await compare(['before', 'after'], ['respons.p99 > +1%', 'response.p99 > 1']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  it('names every folder without a run', async () => {
    const { code, stderr } = await compare(['before', 'no-run', 'nor-this']);
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(dir, 'no-run', 'summary.json')} does not exist`);
    expect(stderr).toContain(`${join(dir, 'nor-this', 'summary.json')} does not exist`);
  });

  it('asks for two runs', async () => {
    expect(await compare(['before'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('writes a page with the distributions and the recoveries overlaid', async () => {
    const path = join(dir, 'compare.html');
    const { code, stderr } = await compare(['before', 'after'], [], path);
    expect([code, stderr]).toEqual([0, `Wrote ${path}\n`]);
    const page = await readFile(path, 'utf8');
    expect(page).toContain('<div class="plot" id="overlay-response">');
    expect(page).toContain('<div class="plot" id="recovery-overlay">');
    for (const course of ['time-online', 'time-started', 'time-p99'])
      expect(page).toContain(`<div class="plot" id="${course}">`);
    expect(page).toContain('<span class="state bad">✗ worse</span>');
    expect(page).toContain('A before · B after');
  });

  it('says that a page could not be written', async () => {
    const path = join(dir, 'no', 'such', 'folder.html');
    expect(await compare(['before', 'after'], [], path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(path),
    });
  });
});
