import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io, Output } from '../../../src/cli/io/io.ts';
import { type ReportArgs, runReport } from '../../../src/cli/report.ts';
import { renderJunit } from '../../../src/report/junit.ts';
import { renderSummary } from '../../../src/report/text/summary-text.ts';
import { summarySchema } from '../../../src/results/summary/summary.ts';
import { writeStormRun } from '../../fixtures/reports/storm-run.ts';
import { foundStudy } from '../../fixtures/study/study-summary.ts';
import { quickstart } from '../report/fixtures.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-report-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

function capture(): Output & { text: string } {
  return {
    text: '',
    isTTY: false,
    columns: 90,
    write(text) {
      this.text += text;
    },
  };
}

async function report(json = false, more: Partial<ReportArgs> = {}) {
  const [stdout, stderr] = [capture(), capture()];
  const io: Io = {
    argv: [],
    env: { LANG: 'en_US.UTF-8', PATH: '/nowhere' },
    stdout,
    stderr,
    stdin: process.stdin,
    onSignal: () => () => undefined,
    onExit: () => () => undefined,
    exitNow: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const code = await runReport(io, { dir, json, ...more });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

async function save(value: unknown): Promise<void> {
  await writeFile(join(dir, 'summary.json'), typeof value === 'string' ? value : JSON.stringify(value));
}

describe('report', () => {
  it('shows what the run showed', async () => {
    await save(quickstart);
    const style = { columns: 90, color: false, unicode: true };
    const stderr = `Wrote ${join(dir, 'report.html')}\n`;
    expect(await report()).toEqual({ code: 0, stdout: renderSummary(quickstart, style), stderr });
  });

  it('prints the summary and nothing else with --json', async () => {
    await save(quickstart);
    const { code, stdout } = await report(true);
    expect([code, JSON.parse(stdout)]).toEqual([0, quickstart]);
  });

  it('writes the page again, even for a summary alone', async () => {
    await save(quickstart);
    await report();
    const page = await readFile(join(dir, 'report.html'), 'utf8');
    expect(page).toContain('<h1>quickstart</h1>');
  });

  it('says why the page could not be opened, which changes no exit code', async () => {
    await save(quickstart);
    const { code, stderr } = await report(false, { open: true });
    expect(code).toBe(0);
    expect(stderr).toMatch(/report\.html could not be opened: (there is no|\S+ ended with)/);
  });

  it('writes CSV files and JUnit test cases', async () => {
    await save(quickstart);
    const { code, stderr } = await report(false, { csv: join(dir, 'tables'), junit: join(dir, 'junit.xml') });
    expect(code).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      `Wrote ${join(dir, 'report.html')}`,
      `Wrote timeline.csv and distributions.csv in ${join(dir, 'tables')}`,
      `Wrote ${join(dir, 'junit.xml')}`,
    ]);
    expect(await readdir(join(dir, 'tables'))).toEqual(['distributions.csv', 'timeline.csv']);
    expect(await readFile(join(dir, 'junit.xml'), 'utf8')).toBe(renderJunit(quickstart));
  });

  it('says which file could not be written, and writes the others', async () => {
    await save(quickstart);
    const path = join(dir, 'no', 'such', 'junit.xml');
    const { code, stderr } = await report(false, { junit: path });
    expect(code).toBe(2);
    expect(stderr).toContain(`${path} could not be written: ENOENT`);
    expect(stderr).toContain(`Wrote ${join(dir, 'report.html')}`);
  });

  it('says what is missing in a folder without a summary', async () => {
    const { code, stdout, stderr } = await report();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `${join(dir, 'summary.json')} does not exist, and neither does a timeline.ndjson such as a killed run leaves. Name the folder of a run.\n`,
    );
  });

  it('shows what a run that was killed has left, and says so', async () => {
    await writeStormRun(dir, { intervals: 30, sessionsPerFleet: 50, fleets: ['a', 'b'] });
    await rm(join(dir, 'summary.json'));
    await appendFile(join(dir, 'timeline.ndjson'), '{"interval":30,"star');
    const { code, stdout, stderr } = await report(true, { csv: '' });
    const summary = summarySchema.parse(JSON.parse(stdout));
    expect([code, summary.elapsedSec, summary.interrupted]).toEqual([0, 30, true]);
    expect(summary.fleets.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(summary.verdict.reasons).toEqual([
      'the run wrote no summary: it was killed, or is not over. Its first 30s are known',
    ]);
    expect(stderr.split('\n')[0]).toBe(
      `${join(dir, 'summary.json')} does not exist: this was rebuilt from the files of a run that was killed or is not over`,
    );
    expect(await readdir(dir)).toContain('report.html');
    expect((await report()).stdout).toContain('Verdict degraded');
  });

  it('says what cannot be read of a run that was killed', async () => {
    await writeFile(join(dir, 'timeline.ndjson'), 'not a line\nnor this\n');
    const { code, stderr } = await report();
    expect(code).toBe(2);
    expect(stderr).toMatch(/does not exist, and what the run left cannot be read: .*timeline\.ndjson:1 is not a line/);
  });

  it('lets the page be missing where no file can be written, but not what was asked for', async () => {
    await save(quickstart);
    // A folder of that name takes no file, whoever asks.
    await mkdir(join(dir, 'report.html'));
    const { code, stderr } = await report();
    expect([code, stderr]).toEqual([
      0,
      `${join(dir, 'report.html')} could not be written: EISDIR: illegal operation on a directory\n`,
    ]);
    expect((await report(false, { junit: join(dir, 'report.html') })).code).toBe(2);
  });

  it('lets nothing take the place of a result of the run', async () => {
    await save(quickstart);
    const path = join(dir, 'summary.json');
    const { code, stdout, stderr } = await report(false, { junit: path });
    expect([code, stdout, stderr]).toEqual([2, '', `--junit would overwrite ${path}, which is a result of the run\n`]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(quickstart);
  });

  it('names the file that is not JSON', async () => {
    await save('{"schemaVersion": 1, ');
    const { code, stderr } = await report();
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(dir, 'summary.json')} is not JSON: `);
  });

  it('explains a newer schema version', async () => {
    await save({ schemaVersion: 2, something: 'else' });
    const { code, stderr } = await report();
    expect(code).toBe(2);
    expect(stderr).toContain('has schema version 2, this fleetstorm reads version 1');
  });

  it('names the fields that are wrong', async () => {
    await save({ ...quickstart, exitCode: 'nought', extra: 1, total: { ...quickstart.total, sessions: -1 } });
    const { code, stderr } = await report();
    expect(code).toBe(2);
    expect(stderr).toContain('is not a summary that fleetstorm wrote:');
    expect(stderr).toContain('  exitCode: ');
    expect(stderr).toContain('  total.sessions: ');
    expect(stderr).toContain('"extra"');
  });

  it('does not flood the terminal with faults', async () => {
    await save({ schemaVersion: 1 });
    const { stderr } = await report();
    expect(stderr.trimEnd().split('\n')).toHaveLength(7);
    expect(stderr).toMatch(/ {2}and \d+ more\n$/);
  });
});

describe('report of a study', () => {
  it('shows it again, and writes its page, tables and test cases', async () => {
    await save(foundStudy());
    await writeFile(join(dir, 'scenario.yaml'), 'name: any-broker\n');
    const junit = join(dir, 'junit.xml');
    const { code, stdout, stderr } = await report(false, { csv: '', junit });
    expect([code, stdout]).toEqual([0, expect.stringContaining('How many logins per second?')]);
    expect(stderr.trimEnd().split('\n')).toEqual([
      `Wrote ${join(dir, 'report.html')}`,
      `Wrote holds.csv and windows.csv in ${dir}`,
      `Wrote ${junit}`,
    ]);
    expect(await readdir(dir)).toEqual(expect.arrayContaining(['holds.csv', 'windows.csv', 'junit.xml']));
  });

  it('says which file could not be written, and writes the others', async () => {
    await save(foundStudy());
    await writeFile(join(dir, 'scenario.yaml'), 'name: any-broker\n');
    const { code, stderr } = await report(false, { csv: '', junit: join(dir, 'no', 'folder.xml') });
    expect([code, stderr]).toEqual([2, expect.stringContaining('folder.xml could not be written')]);
    expect(await readdir(dir)).toContain('windows.csv');
  });

  it('lets no output take the place of a result', async () => {
    await save(foundStudy());
    const { code, stdout } = await report(false, { junit: join(dir, 'summary.json') });
    expect([code, stdout]).toEqual([2, '']);
  });
});
