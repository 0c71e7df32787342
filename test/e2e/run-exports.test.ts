import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'csv-parse/sync';
import { type Histogram, HistogramLogReader } from 'hdr-histogram-js';
import parsePrometheus, { type MetricFamily } from 'parse-prometheus-text-format';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newHistogram, percentilesOf, recordUs } from '../../src/results/latency/histogram.ts';
import type { Percentiles } from '../../src/results/summary/percentiles.ts';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { type CliResult, filesOf, testFolder } from './cli.ts';
import { runHere, startHere } from './here.ts';

/** Two fleets, refusals that are tried again, devices in two copies, a storm. */
const SCENARIO = `
version: 1
name: exports
seed: 3
duration: 7s
client: lean
target: { emulator: { profile: "2017" } }
workers: 2
fleets:
  - name: meters
    productKey: a1Meters
    devices: 40
    connect: { arrival: ramp, over: 1s }
    faults: { wrongSecret: 4, unknownDevice: 2 }
    duplicates: { fraction: 20%, copies: 2, start: { later: 500ms } }
    reconnect: { first: { fixed: 1s }, growth: fixed, base: 1s }
  - name: gateways
    productKey: a1Gateways
    devices: 10
    connect: { arrival: burst }
    reconnect: { first: { fixed: 500ms }, growth: fixed, base: 500ms }
events:
  - { after: { fleet: gateways, online: 100%, wait: 1s }, drop: { fleet: gateways, by: reset } }
thresholds:
  - response.p97.5 < 1h
  - kicks.lifetime.p12.5 < 1us
`;

interface AttemptRow {
  readonly [column: string]: string;
}

let folder: Awaited<ReturnType<typeof testFolder>>;
let cli: CliResult;
let summary: Summary;
let rows: AttemptRow[];
let scraped: MetricFamily[];
/** The same without types: the library puts the series of a typed histogram into one. */
let samples: MetricFamily[];
const out = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await testFolder();
  await writeFile(out('exports.yaml'), SCENARIO);
  const exports = [
    '--attempts',
    out('attempts.csv'),
    '--junit',
    out('junit.xml'),
    '--prometheus',
    '0',
    '--accept-limited',
  ];
  const running = startHere(['run', out('exports.yaml'), '--out', out('run'), ...exports]);
  const address = /Prometheus finds the run at (http:\S+)/;
  await running.waitFor(address);
  const text = await lastScrape(address.exec(running.output())?.[1] ?? '');
  scraped = parsePrometheus(text);
  samples = parsePrometheus(text.replace(/^#.*\n/gm, ''));
  cli = await running.ended;
  summary = summarySchema.parse(JSON.parse(await readFile(out('run/summary.json'), 'utf8')));
  rows = parse(await readFile(out('attempts.csv'), 'utf8'), { columns: true });
}, 240_000);
afterAll(() => folder.remove());

/** Scrapes until nobody answers any more, and gives the last answer. */
async function lastScrape(url: string): Promise<string> {
  let text = '';
  for (;;) {
    try {
      const response = await fetch(url);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      text = await response.text();
    } catch {
      return text;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

describe('run --attempts', () => {
  it('writes one row for each attempt that got an outcome', () => {
    const counted = summary.fleets.flatMap(({ name, outcomes }) =>
      outcomes.map(({ outcome, count }) => [name, outcome, count]),
    );
    for (const [fleet, outcome, count] of counted) {
      expect(rows.filter((row) => row['fleet'] === fleet && row['outcome'] === outcome)).toHaveLength(Number(count));
    }
    expect(rows).toHaveLength(summary.total.outcomes.reduce((sum, { count }) => sum + count, 0));
    expect(summary.warnings).toEqual([]);
    expect(summary.total.outcomes.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'refused-4', 'refused-5']);
  });

  it('names each attempt once, by device, copy and number, without gaps', () => {
    const sessions = new Map<string, AttemptRow[]>();
    for (const row of rows) {
      const session = [row['fleet'], row['device'], row['copy']].join('/');
      sessions.set(session, [...(sessions.get(session) ?? []), row]);
    }
    for (const [session, attempts] of sessions) {
      const numbers = attempts.map((row) => Number(row['attempt'])).sort((a, b) => a - b);
      expect(numbers, session).toEqual(attempts.map((_, index) => index + 1));
    }
    expect(sessions.size).toBe(summary.total.sessions);
    expect([...sessions.keys()].filter((name) => name.endsWith('/1'))).toHaveLength(8);
    expect(
      rows.filter((row) => row['device']?.startsWith('unknown-')).every((row) => row['outcome'] === 'refused-5'),
    ).toBe(true);
  });

  it('gives the percentiles of the summary again', () => {
    const columns = { dns: 'dns_us', tcp: 'tcp_us', tls: 'tls_us', mqtt: 'mqtt_us' } as const;
    const instant = (row: AttemptRow, column: string): number => Number(row[column]);
    const measures: Record<string, (row: AttemptRow) => number | undefined> = {
      response: (row) => instant(row, 'ended_us') - instant(row, 'planned_us'),
      service: (row) => instant(row, 'ended_us') - instant(row, 'started_us'),
      slip: (row) => instant(row, 'started_us') - instant(row, 'planned_us'),
      ...Object.fromEntries(
        Object.entries(columns).map(([measure, column]) => [
          measure,
          (row: AttemptRow) => (row[column] === '' ? undefined : Number(row[column])),
        ]),
      ),
    };
    let compared = 0;
    for (const { name, latency } of summary.fleets) {
      for (const [measure, byOutcome] of Object.entries(latency)) {
        for (const [outcome, expected] of Object.entries(byOutcome)) {
          const histogram = newHistogram();
          for (const row of rows) {
            const us = row['fleet'] === name && row['outcome'] === outcome ? measures[measure]?.(row) : undefined;
            if (us !== undefined) recordUs(histogram, us);
          }
          expectNear(percentilesOf(histogram), expected, `${name} ${measure} ${outcome}`);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThanOrEqual(12);
  });

  it('says when an attempt started on the wall clock too', () => {
    const [first] = rows;
    const instant0Ms = Date.parse(first?.['started_at'] ?? '') - Number(first?.['started_us']) / 1_000;
    for (const row of rows) {
      const offMs = Date.parse(row['started_at'] ?? '') - Number(row['started_us']) / 1_000 - instant0Ms;
      expect(Math.abs(offMs)).toBeLessThanOrEqual(1);
    }
    expect(instant0Ms).toBeGreaterThan(Date.parse(summary.startedAt));
    expect(instant0Ms).toBeLessThan(Date.parse(summary.finishedAt));
  });

  it('in a place that cannot be written is a fault before the run', async () => {
    const { code, stdout, stderr } = await runHere(['run', out('exports.yaml'), '--attempts', out('nowhere/a.csv')]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/--attempts .*nowhere\/a\.csv cannot be written: /);
  });
});

/** Equal to what the histogram keeps: 3 digits, or the microsecond that rounding a difference of two instants may cost. */
function expectNear(found: Percentiles, expected: Percentiles, words: string): void {
  expect(found.count, words).toBe(expected.count);
  for (const field of ['minUs', 'p50Us', 'p90Us', 'p95Us', 'p99Us', 'p999Us', 'maxUs'] as const) {
    const tolerance = Math.max(1, expected[field] / 1_000);
    expect(Math.abs(found[field] - expected[field]), `${words} ${field}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('run --prometheus', () => {
  const family = (name: string): MetricFamily => {
    const found = scraped.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no metric ${name}`);
    return found;
  };
  const value = (name: string, labels: Record<string, string>): number =>
    Number(family(name).metrics.find((sample) => isLabelled(sample.labels ?? {}, labels))?.value ?? 0);

  it('ends with exactly the counts of the summary', () => {
    for (const { name: fleet, attempts, outcomes, ended, kicks, sessions } of summary.fleets) {
      expect(value('fleetstorm_planned_sessions', { fleet })).toBe(sessions);
      expect(value('fleetstorm_attempts_started_total', { fleet })).toBe(attempts.started);
      expect(value('fleetstorm_first_attempts_planned_total', { fleet })).toBe(attempts.firstPlanned);
      expect(value('fleetstorm_retries_started_total', { fleet })).toBe(attempts.retries);
      expect(value('fleetstorm_kicks_total', { fleet })).toBe(kicks?.kicks ?? 0);
      expect(value('fleetstorm_kick_loop_devices', { fleet })).toBe(kicks?.devicesInLoop ?? 0);
      for (const { outcome, count } of outcomes) {
        expect(value('fleetstorm_attempts_total', { fleet, outcome })).toBe(count);
      }
      for (const [cause, count] of Object.entries(ended)) {
        expect(value('fleetstorm_sessions_ended_total', { fleet, cause })).toBe(count);
      }
    }
    const series = summary.fleets.flatMap(({ outcomes }) => outcomes);
    expect(family('fleetstorm_attempts_total').metrics).toHaveLength(series.length);
    expect(value('fleetstorm_disturbances_total', {})).toBe(summary.disturbances?.length);
    const lost = summary.disturbances?.reduce((sum, { total }) => sum + total.lost, 0) ?? 0;
    expect(lost).toBeGreaterThanOrEqual(10);
    const disturbed = family('fleetstorm_disturbed_sessions_total').metrics.map((sample) => Number(sample.value));
    expect(disturbed.reduce((sum, count) => sum + count, 0)).toBe(lost);
  });

  it('shows latencies as histograms in seconds, with the counts of the summary', () => {
    const histogram = (name: string, labels: Record<string, string>) => {
      const of = (part: string) => {
        const found = samples.filter((one) => one.name === `${name}_${part}`).flatMap(({ metrics }) => metrics);
        return found.filter((sample) => isLabelled(sample.labels ?? {}, labels)).map((sample) => Number(sample.value));
      };
      return { buckets: of('bucket'), sums: of('sum'), counts: of('count') };
    };
    expect(family('fleetstorm_response_seconds').type).toBe('HISTOGRAM');
    let compared = 0;
    for (const { name: fleet, latency } of summary.fleets) {
      for (const [measure, byOutcome] of Object.entries(latency)) {
        const isWhole = ['response', 'service', 'slip'].includes(measure);
        const name = isWhole ? `fleetstorm_${measure}_seconds` : 'fleetstorm_phase_seconds';
        for (const [outcome, { count, meanUs }] of Object.entries(byOutcome)) {
          const labels = isWhole ? { fleet, outcome } : { fleet, outcome, phase: measure };
          const { buckets, sums, counts } = histogram(name, labels);
          expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
          expect([counts, buckets.at(-1)]).toEqual([[count], count]);
          expect(sums).toHaveLength(1);
          expect(Math.abs((sums[0] ?? 0) / count - meanUs / 1e6)).toBeLessThanOrEqual(Math.max(1e-6, meanUs / 1e9));
          compared++;
        }
      }
    }
    const series = samples.filter(({ name }) => name.endsWith('_seconds_count')).flatMap(({ metrics }) => metrics);
    expect(series).toHaveLength(compared);
  });

  it('ends with the verdict, the exit code and the thresholds of the summary', () => {
    expect(value('fleetstorm_verdict', { verdict: summary.verdict.verdict })).toBe(1);
    expect(value('fleetstorm_verdict', { verdict: 'pending' })).toBe(0);
    expect(value('fleetstorm_exit_code', {})).toBe(summary.exitCode);
    for (const { source: threshold, passed, actual = Number.NaN } of summary.thresholds) {
      expect(value('fleetstorm_threshold_passed', { threshold })).toBe(passed ? 1 : 0);
      expect(value('fleetstorm_threshold_value', { threshold, unit: 'seconds' })).toBeCloseTo(actual / 1e6, 9);
    }
    expect(value('fleetstorm_threshold_bound', { threshold: 'response.p97.5 < 1h', operator: '<' })).toBe(3_600);
    const [recovery] = (summary.disturbances ?? []).flatMap(({ fleets }) => fleets);
    const shown = value('fleetstorm_recovery_seconds', { fleet: recovery?.name ?? '', share: '0.5' });
    expect(shown).toBe(recovery?.figures.t50Sec);
  });

  it('names no device', () => {
    for (const { metrics } of scraped) {
      for (const { labels = {} } of metrics) expect(Object.values(labels).join(' ')).not.toMatch(/-0000/);
    }
    expect(family('fleetstorm_worker_cpu_ratio').metrics).toHaveLength(2);
  });

  it('on a port in use is a fault before the run', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const args = ['run', out('exports.yaml'), '--out', out('never'), '--prometheus', String(port)];
    const { code, stdout, stderr } = await runHere(args);
    taken.close();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use; give --prometheus another one`);
    await expect(filesOf(out('never'))).rejects.toThrow('ENOENT');
  });

  it('takes only addresses of this machine, and a host only by name', async () => {
    const form = '--prometheus takes [HOST:]PORT, with a port of 0 to 65535; 0 lets the system choose\n';
    const { code, stderr } = await runHere(['run', out('exports.yaml'), '--prometheus', '70000']);
    expect([code, stderr]).toEqual([2, form]);
    const args = ['run', out('exports.yaml'), '--out', out('never'), '--prometheus', '192.0.2.1:0'];
    const foreign = await runHere(args);
    expect([foreign.code, foreign.stdout]).toEqual([2, '']);
    expect(foreign.stderr).toContain('The run could not begin: 192.0.2.1 is not an address of this machine; ');
    await expect(filesOf(out('never'))).rejects.toThrow('ENOENT');
  });
});

function isLabelled(labels: Readonly<Record<string, string>>, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([name, text]) => labels[name] === text);
}

describe('latency.hlog', () => {
  it('read by the public reader gives the percentiles of the summary', async () => {
    const reader = new HistogramLogReader(await readFile(out('run/latency.hlog'), 'utf8'));
    const merged = new Map<string, Histogram>();
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
      const { tag = '' } = next;
      const sum = merged.get(tag);
      if (sum === undefined) merged.set(tag, next);
      else sum.add(next);
    }
    const prefixes = [
      ['', summary.total] as const,
      ...summary.fleets.map((fleet) => [`${fleet.name}:`, fleet] as const),
    ];
    let compared = 0;
    for (const [prefix, { latency }] of prefixes) {
      for (const [measure, byOutcome] of Object.entries(latency)) {
        for (const [outcome, expected] of Object.entries(byOutcome)) {
          const histogram = merged.get(`${prefix}${measure}/${outcome}`);
          const at = (percent: number): number | undefined => histogram?.getValueAtPercentile(percent);
          expect(
            {
              count: histogram?.totalCount,
              p50Us: at(50),
              p90Us: at(90),
              p95Us: at(95),
              p99Us: at(99),
              p999Us: at(99.9),
              maxUs: at(100),
            },
            `${prefix}${measure}/${outcome}`,
          ).toEqual({
            count: expected.count,
            p50Us: expected.p50Us,
            p90Us: expected.p90Us,
            p95Us: expected.p95Us,
            p99Us: expected.p99Us,
            p999Us: expected.p999Us,
            maxUs: expected.maxUs,
          });
          compared++;
        }
      }
    }
    expect(compared).toBe(merged.size);
  });
});

describe('run --junit', () => {
  it('writes each threshold as a test case, and keeps the exit code', async () => {
    const xml = await readFile(out('junit.xml'), 'utf8');
    expect(cli.code).toBe(99);
    // The third case is the verdict, which a busy machine may make `generator-limited`.
    const failures = summary.verdict.verdict === 'valid' ? 1 : 2;
    expect(xml).toContain(`tests="3" failures="${failures}"`);
    expect(xml).toMatch(/<testcase name="response\.p97\.5 &lt; 1h" classname="exports"\/>/);
    expect(xml).toMatch(
      /<testcase name="kicks\.lifetime\.p12\.5 &lt; 1us" classname="exports">\s*<failure message="measured [\d.]+m?s"/,
    );
  });
});

describe('schema --summary', () => {
  it('describes what a run has written, and refuses what it has not', async () => {
    const { code, stdout } = await runHere(['schema', '--summary']);
    const ajv = new Ajv2020({ allErrors: true, strict: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(stdout));
    const written = JSON.parse(await readFile(out('run/summary.json'), 'utf8'));
    expect(code).toBe(0);
    expect([validate(written), validate.errors]).toEqual([true, null]);
    expect(validate({ ...written, schemaVersion: 2 })).toBe(false);
    expect(validate({ ...written, surplus: 1 })).toBe(false);
    const { total: _total, ...incomplete } = written;
    expect(validate(incomplete)).toBe(false);
  });
});

describe('a threshold with abort', () => {
  it('stops the run in order, says which and when, and fails it with 99', async () => {
    const thresholds = '[{ condition: online.peak < 12, abort: true, grace: 1s }, accepted.count >= 1]';
    const args = [
      '--set',
      `thresholds=${thresholds}`,
      '--set',
      'duration=30s',
      '--accept-limited',
      '--out',
      out('aborted'),
    ];
    const { code, stdout, stderr } = await runHere(['run', out('exports.yaml'), ...args]);
    const aborted = summarySchema.parse(JSON.parse((await filesOf(out('aborted'))).get('summary.json') ?? ''));
    expect([code, aborted.exitCode, aborted.interrupted]).toEqual([99, 99, false]);
    const [first, second] = aborted.thresholds;
    expect(first).toMatchObject({ passed: false, source: 'online.peak < 12', unit: 'count' });
    const { abortedAtSec = Number.NaN } = first ?? {};
    expect(abortedAtSec).toBeGreaterThanOrEqual(1);
    expect(second).toMatchObject({ passed: true });
    expect(aborted.elapsedSec).toBeLessThan(30);
    expect(aborted.total.ended['stopped']).toBeGreaterThanOrEqual(12);
    expect(aborted.total.attempts.unfinished).toBe(0);
    expect(stderr).toMatch(/online\.peak < 12 failed \(\d+\): ending the run/);
    expect(stdout).toMatch(new RegExp(`FAILED +online\\.peak < 12 +\\d+, stopped the run at ${abortedAtSec}s`));
    expect(aborted.crossChecks[0]).toMatchObject({
      name: 'accepted',
      rule: 'equal',
      tool: aborted.crossChecks[0]?.emulator,
    });
  });
});
