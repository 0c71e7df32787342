import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCompare } from '../../../src/cli/compare.ts';
import type { Io, Output } from '../../../src/cli/io/io.ts';
import { comparisonReportSchema } from '../../../src/results/comparison/comparison-report.ts';
import type { StudySummary } from '../../../src/results/study/study-summary.ts';
import { writeStormRun } from '../../fixtures/reports/storm-run.ts';
import { foundStudy } from '../../fixtures/study/study-summary.ts';

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

async function compare(
  names: readonly string[],
  gates: readonly string[] = [],
  html?: string,
  tolerance?: string,
  json = false,
) {
  const [stdout, stderr] = [capture(), capture()];
  const io: Io = {
    argv: [],
    env: { LANG: 'en_US.UTF-8' },
    stdout,
    stderr,
    stdin: process.stdin,
    onSignal: () => () => undefined,
    onExit: () => () => undefined,
    exitNow: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const dirs = names.map((name) => join(dir, name));
  const code = await runCompare(io, { dirs, 'fail-if': gates, html, all: false, tolerance, json });
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
    expect((await compare(['before', 'after'], ['regression'], undefined, '70%')).code).toBe(0);
  });

  it('takes no tolerance that is not a share', async () => {
    const { code, stderr } = await compare(['before', 'after'], [], undefined, 'much');
    expect([code, stderr]).toEqual([2, '--tolerance takes a share such as 25%, not much\n']);
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

  it('sets a run that was killed beside others, and says so', async () => {
    await cp(join(dir, 'after'), join(dir, 'killed'), { recursive: true });
    await rm(join(dir, 'killed', 'summary.json'));
    const { code, stderr } = await compare(['before', 'killed']);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('this was rebuilt from the files of a run that was killed'),
    ]);
  });

  it.each([
    ['an alias bomb', bomb()],
    ['an alias without an anchor', 'a: *nowhere\n'],
    ['nesting without end', '['.repeat(5_000)],
  ])('takes a scenario.yaml with %s for none', async (name, yaml) => {
    const run = name.replaceAll(' ', '-');
    await cp(join(dir, 'after'), join(dir, run), { recursive: true });
    await writeFile(join(dir, run, 'scenario.yaml'), yaml);
    expect(await compare(['after', run])).toMatchObject({ code: 0, stderr: '' });
  });

  it('lets no page take the place of a result', async () => {
    const path = join(dir, 'before', 'timeline.ndjson');
    const { code, stderr } = await compare(['before', 'after'], [], path);
    expect([code, stderr]).toEqual([2, `--html would overwrite ${path}, which is a result of the run\n`]);
  });

  it('says that a page could not be written', async () => {
    const path = join(dir, 'no', 'such', 'folder.html');
    expect(await compare(['before', 'after'], [], path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(path),
    });
  });
});

describe('compare --json', () => {
  it('prints what its schema says', async () => {
    const { code, stdout } = await compare(['before', 'after'], ['attempts.count > +50%'], undefined, undefined, true);
    const report = JSON.parse(stdout) as unknown;
    expect(comparisonReportSchema.parse(report)).toEqual(report);
    expect(code).toBe(99);
    expect(report).toMatchObject({
      of: 'runs',
      exitCode: 99,
      compared: [{ letter: 'A', name: 'before' }, { letter: 'B' }],
      judgements: [{ letter: 'B', judgement: 'worse' }],
      conditions: [{ source: 'attempts.count > +50%', letter: 'B', hasFailed: true }],
    });
  });
});

describe('compare of studies', () => {
  beforeAll(async () => {
    const { answer } = foundStudy();
    const worse = {
      ...answer,
      lower: answer.lower && { ...answer.lower, load: 600 },
      upper: answer.upper && { ...answer.upper, load: 630 },
    };
    await writeStudy('study-before', foundStudy());
    await writeStudy('study-after', foundStudy({ answer: worse }));
  });

  async function writeStudy(name: string, study: StudySummary): Promise<void> {
    await mkdir(join(dir, name));
    await writeFile(join(dir, name, 'summary.json'), JSON.stringify(study));
    await writeFile(join(dir, name, 'scenario.yaml'), 'name: any-broker\n');
  }

  const both = ['study-before', 'study-after'];

  it.each([
    [[], undefined, 0],
    [['regression'], undefined, 99],
    [['regression'], '20%', 0],
    [['capacity < -10%'], undefined, 99],
    [['capacity < -11%'], undefined, 0],
    [['capacity.upper < -70/s', ' regression '], undefined, 99],
  ] as const)('with %j and the tolerance %s ends with %i', async (gates, tolerance, code) => {
    expect((await compare(both, gates, undefined, tolerance)).code).toBe(code);
  });

  it('passes a study that takes as much', async () => {
    expect((await compare(['study-before', 'study-before'], ['regression'])).code).toBe(0);
  });

  it('writes a page', async () => {
    const path = join(dir, 'studies.html');
    const { code, stderr } = await compare(both, ['regression'], path);
    expect([code, stderr]).toEqual([99, `Wrote ${path}\n`]);
    expect(await readFile(path, 'utf8')).toContain('✗ B: worse');
  });

  it('prints what the schema says with --json', async () => {
    const { stdout } = await compare(both, [], undefined, undefined, true);
    const report = JSON.parse(stdout) as unknown;
    expect(comparisonReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ of: 'studies', judgements: [{ judgement: 'worse' }] });
  });

  it('tells every condition that it cannot read, and compares nothing', async () => {
    const { code, stdout, stderr } = await compare(both, ['response.p99 > +1%', 'capacity']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  it('takes no run for a study', async () => {
    const { code, stderr } = await compare(['study-before', 'before']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not a study')]);
  });
});

/** Nine levels of nine aliases each: a thousand million values. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const items = Array.from({ length: 9 }, () => (level === 0 ? 'x' : `*l${level - 1}`)).join(', ');
    return `l${level}: &l${level} [${items}]\n`;
  });
  return levels.join('');
}
