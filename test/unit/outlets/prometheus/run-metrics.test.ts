import parsePrometheus, { type MetricFamily } from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../../../src/metrics/judge/thresholds.ts';
import { LABELS } from '../../../../src/outlets/prometheus/metric-row.ts';
import { METRIC_TABLE } from '../../../../src/outlets/prometheus/metric-table.ts';
import { RunMetrics } from '../../../../src/outlets/prometheus/run-metrics.ts';
import { sourceOf } from '../../../../src/outlets/prometheus/run-source.ts';
import { newHistogram, recordUs } from '../../../../src/results/latency/histogram.ts';
import type { Summary } from '../../../../src/results/summary/summary.ts';
import type { StartedRun } from '../../../../src/run/observer.ts';
import type { Scenario } from '../../../../src/scenario/scenario.ts';
import { STORM_SHAPE, stormSummary } from '../../../fixtures/reports/storm-run.ts';
import { stormTimeline } from '../../../fixtures/reports/storm-timeline.ts';

const CONDITIONS = [
  'response.p99 < 2s',
  'accepted.ratio >= 99%',
  'jittered.response.p99 < 500ms',
  'connects.rate > 50/s',
  'response.tcp-refused.p99 < 1s',
];

/** A run whose figures are those of the made-up storm. */
function stormRun(conditions = CONDITIONS): { run: Pick<StartedRun, 'scenario' | 'figures'>; end: Summary } {
  const end = stormSummary();
  const responses = newHistogram();
  for (const us of [400_000, 1_500_000]) recordUs(responses, us);
  const histograms = {
    name: 'any',
    ofAttempts: new Map([['response/accepted', responses]] as const),
    stalls: new Map(),
    percentileUs: () => undefined,
  };
  const [lastInterval] = stormTimeline(STORM_SHAPE);
  const { total, fleets, disturbances = [] } = end;
  const thresholds = conditions.map((condition) => {
    const parsed = parseThreshold(condition, STORM_SHAPE.fleets);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.threshold;
  });
  const scenario = { name: end.scenario.name, thresholds } as Partial<Scenario> as Scenario;
  const figures = { total, fleets, disturbances, distributions: () => histograms, byAddress: () => [], lastInterval };
  return { run: { scenario, figures: () => figures }, end };
}

async function families(...source: Parameters<typeof sourceOf>): Promise<Map<string, MetricFamily>> {
  const text = await new RunMetrics().text(sourceOf(...source));
  return new Map(parsePrometheus(text).map((family) => [family.name, family]));
}

/** Labels and value of each sample of a metric. */
function samples(all: ReadonlyMap<string, MetricFamily>, name: string): [Record<string, string>, number][] {
  return (all.get(name)?.metrics ?? []).map(({ labels = {}, value }) => [{ ...labels }, Number(value)]);
}

describe('the table of metrics', () => {
  it('is what /metrics serves, name by name, with its type, its help and no label beside its own', async () => {
    const { run, end } = stormRun();
    const served = await families(run, end);
    expect([...served.keys()].sort()).toEqual(METRIC_TABLE.map(({ name }) => name).sort());
    for (const { name, kind, help, labels } of METRIC_TABLE) {
      const family = served.get(name);
      expect([name, family?.type.toLowerCase(), family?.help]).toEqual([name, kind, help]);
      for (const sample of family?.metrics ?? []) {
        expect(Object.keys(sample.labels ?? {}).filter((label) => label !== 'le' && !includes(labels, label))).toEqual(
          [],
        );
      }
    }
  });

  it('keeps to the conventions of Prometheus', () => {
    for (const { name, kind, help, labels } of METRIC_TABLE) {
      expect(name).toMatch(/^fleetstorm_[a-z0-9_]+$/);
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
      expect(name, name).not.toMatch(/_(?:ms|us|sec|percent|count|sum|bucket)$/);
      expect(help, name).toMatch(/^\S.*\.$/);
      expect(labels.filter((label) => !Object.hasOwn(LABELS, label))).toEqual([]);
    }
    expect(new Set(METRIC_TABLE.map(({ name }) => name)).size).toBe(METRIC_TABLE.length);
    const used = new Set(METRIC_TABLE.flatMap(({ labels }) => labels));
    expect(Object.keys(LABELS).filter((label) => !includes([...used], label))).toEqual([]);
  });
});

function includes(labels: readonly string[], label: string): boolean {
  return labels.includes(label);
}

describe('addresses of a service that has several', () => {
  it('are labels, as many as the scenario names', async () => {
    const { run, end } = stormRun();
    const histogram = newHistogram();
    recordUs(histogram, 1_000);
    const ofAttempts = new Map([['service/accepted', histogram]] as const);
    const figures = {
      address: 'a:1883',
      outcomes: { accepted: 1 },
      ended: { reset: 2 },
      online: { peak: 1, last: 1 },
      latency: {},
    };
    const now = run.figures();
    const lastInterval = now.lastInterval && {
      ...now.lastInterval,
      addresses: { 'a:1883': { outcomes: {}, ended: {}, online: 7 } },
    };
    const byAddress = () => [{ figures, outcomes: { accepted: 1 }, ofAttempts }];
    const served = await families({ ...run, figures: () => ({ ...now, lastInterval, byAddress }) }, end);
    expect(samples(served, 'fleetstorm_address_attempts_total')).toEqual([
      [{ address: 'a:1883', outcome: 'accepted' }, 1],
    ]);
    expect(samples(served, 'fleetstorm_address_sessions_ended_total')).toEqual([
      [{ address: 'a:1883', cause: 'reset' }, 2],
    ]);
    expect(samples(served, 'fleetstorm_address_sessions_online')).toEqual([[{ address: 'a:1883' }, 7]]);
    expect(served.get('fleetstorm_address_service_seconds')?.metrics.length).toBeGreaterThan(0);
  });
});

describe('the verdict', () => {
  const verdicts = async (end: Summary | undefined): Promise<Record<string, number>> => {
    const all = await families(stormRun().run, end);
    return Object.fromEntries(samples(all, 'fleetstorm_verdict').map(([{ verdict = '' }, value]) => [verdict, value]));
  };

  it('is pending while the run goes on, and there is no exit code yet', async () => {
    expect(await verdicts(undefined)).toEqual({
      pending: 1,
      valid: 0,
      'none-accepted': 0,
      'generator-limited': 0,
      degraded: 0,
    });
    expect(samples(await families(stormRun().run, undefined), 'fleetstorm_exit_code')).toEqual([]);
  });

  it('is one of five, with the exit code beside it', async () => {
    const { run, end } = stormRun();
    const limited: Summary = { ...end, exitCode: 97, verdict: { verdict: 'generator-limited', reasons: ['slip'] } };
    expect(await verdicts(limited)).toEqual({
      pending: 0,
      valid: 0,
      'none-accepted': 0,
      'generator-limited': 1,
      degraded: 0,
    });
    expect(samples(await families(run, limited), 'fleetstorm_exit_code')).toEqual([[{}, 97]]);
  });
});

describe('thresholds', () => {
  it('show value and bound in base units, and whether they hold so far', async () => {
    const all = await families(stormRun().run, undefined);
    const [p99, ratio, jittered, rate, refused] = CONDITIONS;
    expect(samples(all, 'fleetstorm_threshold_bound')).toEqual([
      [{ threshold: p99, unit: 'seconds', operator: '<' }, 2],
      [{ threshold: ratio, unit: 'ratio', operator: '>=' }, 0.99],
      [{ threshold: jittered, unit: 'seconds', operator: '<' }, 0.5],
      [{ threshold: rate, unit: 'per_second', operator: '>' }, 50],
      [{ threshold: refused, unit: 'seconds', operator: '<' }, 1],
    ]);
    const { total, fleets } = stormRun().run.figures();
    const values = new Map(samples(all, 'fleetstorm_threshold_value').map(([labels, value]) => [labels, value]));
    expect([...values.keys()].map(({ threshold }) => threshold)).toEqual([p99, ratio, jittered, rate]);
    const [ofAll, , ofJittered] = [...values.values()];
    expect(ofAll).toBeCloseTo((total.latency['response']?.['accepted']?.p99Us ?? 0) / 1e6, 9);
    expect(ofJittered).toBeCloseTo((fleets[1]?.latency['response']?.['accepted']?.p99Us ?? 0) / 1e6, 9);
    // Nothing was refused so far: data may still come, so the last one has not failed yet.
    expect(samples(all, 'fleetstorm_threshold_passed').map(([{ threshold }]) => threshold)).toEqual([
      ...[p99, ratio, jittered, rate],
    ]);
  });

  it('have the results of the summary in the end, one without data failed', async () => {
    const { run, end } = stormRun(CONDITIONS.slice(0, 3));
    const [first, second] = end.thresholds;
    const missing = { source: CONDITIONS[2] ?? '', passed: false, unit: 'us', reason: 'no data: none' } as const;
    const thresholds = first === undefined || second === undefined ? [] : [first, second, missing];
    const all = await families(run, { ...end, thresholds });
    expect(samples(all, 'fleetstorm_threshold_passed').map(([, value]) => value)).toEqual([1, 0, 0]);
    expect(samples(all, 'fleetstorm_threshold_value')).toEqual([
      [{ threshold: CONDITIONS[0], unit: 'seconds' }, 1.212345],
      [{ threshold: CONDITIONS[1], unit: 'ratio' }, 0.4],
    ]);
  });

  it('given twice are one series, failed if either failed', async () => {
    const twice = ['connects.rate > 1/s', 'connects.rate > 1/s'];
    const { run, end } = stormRun(twice);
    const results = [false, true].map((passed) => ({
      source: 'connects.rate > 1/s',
      passed,
      unit: 'per-sec',
      actual: passed ? 3 : 0.5,
    })) as Summary['thresholds'];
    for (const thresholds of [results, [...results].reverse()]) {
      const all = await families(run, { ...end, thresholds });
      expect(samples(all, 'fleetstorm_threshold_passed')).toEqual([[{ threshold: twice[0] }, 0]]);
      expect(samples(all, 'fleetstorm_threshold_value').map(([, value]) => value)).toEqual([0.5]);
    }
  });
});

describe('recovery', () => {
  it('is told by fleet: lost and back over all disturbances, times of the latest', async () => {
    const { run } = stormRun();
    const all = await families(run, undefined);
    const [first, second] = STORM_SHAPE.fleets;
    expect(samples(all, 'fleetstorm_disturbances_total')).toEqual([[{}, 2]]);
    expect(samples(all, 'fleetstorm_disturbed_sessions_total')).toEqual([
      [{ fleet: first }, 5_000],
      [{ fleet: second }, 5_000],
    ]);
    expect(samples(all, 'fleetstorm_recovered_sessions_total')).toEqual([
      [{ fleet: first }, 4_988],
      [{ fleet: second }, 5_000],
    ]);
    const shares = samples(all, 'fleetstorm_recovery_seconds');
    // Sessions of the first fleet never came back.
    expect(shares.map(([{ fleet, share }]) => [fleet, share])).toEqual([
      ...['0.5', '0.95', '0.99'].map((share) => [first, share]),
      ...['0.5', '0.95', '0.99', '1'].map((share) => [second, share]),
    ]);
    expect(samples(all, 'fleetstorm_recovery_attempts_per_session').map(([, value]) => value)).toEqual([6.4, 1.31]);
  });
});

describe('before the run has begun', () => {
  it('there are metrics without values', async () => {
    const text = await new RunMetrics().text(undefined);
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(text).toContain('# TYPE fleetstorm_attempts_started_total counter');
  });
});
