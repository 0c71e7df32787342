import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCsv } from '../../../src/report/csv.ts';
import { renderJunit } from '../../../src/report/junit.ts';
import type { Summary } from '../../../src/results/summary/summary.ts';
import { writeStormRun } from '../../fixtures/reports/storm-run.ts';
import { quickstart, storm } from './fixtures.ts';

let dir: string;
const FLEETS = ['=cmd()', 'com,ma'];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-csv-'));
  const summary = await writeStormRun(dir, { intervals: 40, sessionsPerFleet: 60, fleets: FLEETS });
  await writeCsv(dir, join(dir, 'tables'), summary);
});
afterAll(() => rm(dir, { recursive: true }));

async function table(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(dir, 'tables', name), 'utf8'), { columns: true });
}

describe('timeline.csv', () => {
  it('has a row an interval and fleet, with texts that are no formulas', async () => {
    const rows = await table('timeline.csv');
    expect(rows).toHaveLength(40 * 3);
    expect(rows.slice(0, 3).map((row) => row['fleet'])).toEqual(['all fleets', "'=cmd()", 'com,ma']);
  });

  it('has a column for each outcome, 0 where it did not occur', async () => {
    const [first] = await table('timeline.csv');
    expect([first?.['outcome.accepted'], first?.['outcome.refused-3']]).toEqual(['20', '0']);
  });
});

describe('a timeline of the plan beside what came of it', () => {
  it('has columns for what was not started, and for the fewest and most online', async () => {
    const [first] = await table('timeline.csv');
    expect(Object.keys(first ?? {}).slice(3, 15)).toEqual([
      ...['planned', 'started', 'retries', 'notStarted', 'devicesStarted', 'devicesOnline'],
      ...['online', 'onlineMin', 'onlineMax', 'connecting', 'waiting', 'slipMaxUs'],
    ]);
  });
});

describe('never-online.csv', () => {
  it('has a row for each device that the summary lists, with texts that are no formulas', async () => {
    const rows = await table('never-online.csv');
    expect(rows).toHaveLength(12);
    expect(rows[0]).toEqual({
      fleet: "'=cmd()",
      index: '7',
      device: "'=cmd()-000008",
      attempts: '33',
      outcome: 'refused-3',
      detail: 'CONNACK 3: server unavailable',
    });
    expect(rows[11]).toMatchObject({ attempts: '1', outcome: '', detail: '' });
  });
});

describe('distributions.csv', () => {
  it('counts what the log counts, up to a share of 1', async () => {
    const rows = (await table('distributions.csv')).filter(
      (row) => row['fleet'] === 'all fleets' && row['measure'] === 'response' && row['outcome'] === 'accepted',
    );
    const accepted = (await table('timeline.csv')).filter((row) => row['fleet'] === 'all fleets');
    const sum = (list: readonly Record<string, string>[], name: string) =>
      list.reduce((total, row) => total + Number(row[name]), 0);
    expect(rows.length).toBeGreaterThan(5);
    expect(sum(rows, 'count')).toBeLessThanOrEqual(sum(accepted, 'outcome.accepted'));
    expect(rows.at(-1)?.['shareUpTo']).toBe('1');
    expect(rows.every((row) => Number(row['fromUs']) <= Number(row['toUs']))).toBe(true);
  });
});

describe('renderJunit', () => {
  it('has a test case a threshold and one for the verdict', () => {
    const xml = renderJunit(quickstart);
    expect(xml).toContain('<testsuites name="fleetstorm" tests="3" failures="0" errors="0"');
    expect(xml.match(/<testcase /g)).toHaveLength(3);
    expect(xml).toContain('<testcase name="response.p99 &lt; 500ms" classname="quickstart"/>');
  });

  it('says what was measured where a threshold failed, and why a run may not be believed', () => {
    const xml = renderJunit(storm);
    expect(xml).toContain('tests="5" failures="4"');
    expect(xml).toContain('<failure message="measured 500.223ms"/>');
    expect(xml).toContain('<failure message="no data: no accepted attempt has a tls time"/>');
    expect(xml).toContain('<failure message="degraded; worker 1 died');
  });

  it('holds no character that XML does not allow', () => {
    const hostile: Summary = { ...quickstart, scenario: { ...quickstart.scenario, name: `a"b<c>&\u0000\u001b\n` } };
    const xml = renderJunit(hostile);
    expect(xml).toContain('name="fleetstorm a&quot;b&lt;c&gt;&amp;\\u0000\\u001b\\u000a"');
  });
});
