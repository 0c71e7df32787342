import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io, Output } from '../../../src/cli/io.ts';
import { runReport } from '../../../src/cli/report.ts';
import { renderSummary } from '../../../src/report/summary-text.ts';
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

async function report(json = false) {
  const [stdout, stderr] = [capture(), capture()];
  const io: Io = {
    argv: [],
    env: { LANG: 'en_US.UTF-8' },
    ...{ stdout, stderr, stdin: process.stdin },
    onSignal: () => () => undefined,
    exitNow: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const code = await runReport(io, { dir, json });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

async function save(value: unknown): Promise<void> {
  await writeFile(join(dir, 'summary.json'), typeof value === 'string' ? value : JSON.stringify(value));
}

describe('report', () => {
  it('shows what the run showed', async () => {
    await save(quickstart);
    const style = { columns: 90, color: false, unicode: true };
    expect(await report()).toEqual({ code: 0, stdout: renderSummary(quickstart, style), stderr: '' });
  });

  it('prints the summary and nothing else with --json', async () => {
    await save(quickstart);
    const { code, stdout, stderr } = await report(true);
    expect([code, JSON.parse(stdout), stderr]).toEqual([0, quickstart, '']);
  });

  it('says what is missing in a folder without a summary', async () => {
    const { code, stdout, stderr } = await report();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `${join(dir, 'summary.json')} does not exist. Name the folder of a finished run; a run that was killed leaves only timeline.ndjson and latency.hlog.\n`,
    );
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
