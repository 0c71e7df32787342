import { describe, expect, it } from 'vitest';
import { type ComparedRun, compareRuns } from '../../../../src/report/compare/comparison.ts';
import { checkGates, parseGate, relativeWords } from '../../../../src/report/compare/gate.ts';
import type { Summary } from '../../../../src/results/summary/summary.ts';
import { stormSummary } from '../../../fixtures/reports/storm-run.ts';
import { quickstart } from '../fixtures.ts';

function withP99(p99Us: number): Summary {
  const response = quickstart.total.latency['response']?.['accepted'];
  if (response === undefined) throw new Error('the fixture has response times');
  const latency = { ...quickstart.total.latency, response: { accepted: { ...response, p99Us } } };
  return { ...quickstart, total: { ...quickstart.total, latency } };
}

function runs(...summaries: readonly Summary[]): ComparedRun[] {
  return summaries.map((summary, index) => ({ letter: 'ABC'[index] ?? '?', name: `run-${index}`, summary }));
}

function check(source: string, ...summaries: readonly Summary[]) {
  const parsed = parseGate(source, ['esp-at-once', 'jittered']);
  if (!parsed.ok) throw new Error(parsed.fault);
  return checkGates([parsed.gate], runs(...summaries)).map(({ run, hasFailed, found }) => ({ run, hasFailed, found }));
}

describe('checkGates', () => {
  it.each([
    ['response.p99 > +10%', 100_000, 110_000, false],
    ['response.p99 > +10%', 100_000, 110_001, true],
    ['response.p99 >= +10%', 100_000, 110_000, true],
    ['response.p99 > +20ms', 100_000, 119_999, false],
    ['response.p99 > +20ms', 100_000, 120_001, true],
    ['response.p99 < -50%', 100_000, 49_000, true],
    ['response.p99 > +0%', 100_000, 100_000, false],
    ['response.p99 > +10%', 0, 1, true],
    ['response.p99 > +10%', 0, 0, false],
  ])('%s, from %i us to %i us: fails %s', (source, from, to, hasFailed) => {
    expect(check(source, withP99(from), withP99(to))[0]?.hasFailed).toBe(hasFailed);
  });

  it('holds each run against the first', () => {
    expect(check('response.p99 > +10%', withP99(100), withP99(90), withP99(200))).toEqual([
      { run: 'B', hasFailed: false, found: '-10%, 100us to 90us' },
      { run: 'C', hasFailed: true, found: '+100%, 100us to 200us' },
    ]);
  });

  it('fails without data, and says in which run', () => {
    const [result] = check('recovery.t99 > +10%', quickstart, stormSummary());
    expect(result).toEqual({ run: 'B', hasFailed: true, found: 'no data in A: there was no disturbance' });
  });

  it('reads metrics of a fleet and of its recoveries', () => {
    const [result] = check('jittered.recovery.amplification > +0%', stormSummary(), stormSummary());
    expect(result).toEqual({ run: 'B', hasFailed: false, found: 'as before, 1 to 1' });
  });

  it('takes percentage points of a ratio', () => {
    const [fell] = check('accepted.ratio < -0.5pp', quickstart, stormSummary());
    expect(fell?.hasFailed).toBe(true);
  });
});

describe('parseGate', () => {
  it.each([
    ['response.p99', 'is not a condition'],
    ['response.p99 == +10%', 'is not a condition'],
    ['respons.p99 > +10%', 'Did you mean response.p99?'],
    ['response.p97.5 > +10%', 'response.p97.5 is not in summary.json, which keeps p50, p90, p95'],
    ['response.p99 > 10%', '10% cannot be a change of response.p99'],
    ['response.p99 > +10', 'such as +20ms'],
    ['accepted.ratio < -1ms', 'such as -0.5pp'],
  ])('refuses %s', (source, fault) => {
    const parsed = parseGate(source, []);
    expect(parsed.ok ? '' : parsed.fault).toContain(fault);
  });
});

describe('relativeWords', () => {
  it.each([
    [1, 'as before'],
    [1.1, '+10%'],
    [0.875, '-12.5%'],
    [1.0001, '+0.01%'],
    [Number.POSITIVE_INFINITY, 'from nothing'],
  ])('%f is %s', (ratio, words) => {
    expect(relativeWords(ratio)).toBe(words);
  });
});

describe('compareRuns', () => {
  it('finds nothing to warn of between two runs of one scenario', () => {
    expect(compareRuns(runs(quickstart, quickstart)).cautions).toEqual([]);
  });

  it('says what differs, and which run may not be believed', () => {
    const other: Summary = {
      ...quickstart,
      scenario: { ...quickstart.scenario, seed: 7, sha256: 'd'.repeat(64) },
      machine: { ...quickstart.machine, cores: 64 },
      interrupted: true,
      verdict: { verdict: 'degraded', reasons: ['worker 1 died'] },
    };
    expect(compareRuns(runs(quickstart, other)).cautions).toEqual([
      'B ran quickstart with other settings than A',
      'B has seed 7, A has 42',
      'B ran on another machine than A',
      'B is degraded: worker 1 died',
      'B was interrupted',
    ]);
  });

  it('gives difference and ratio to the first run', () => {
    const { main } = compareRuns(runs(withP99(100), withP99(150)));
    const row = main.find(({ name }) => name === 'response.p99');
    expect(row?.changes).toEqual([undefined, { difference: 50, ratio: 1.5 }]);
  });

  it('sets fleets and recoveries beside each other, and leaves out what no run has', () => {
    const { main } = compareRuns(runs(stormSummary(), stormSummary()));
    const names = main.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['recovery.t99', 'esp-at-once.response.p99', 'jittered.recovery.t99']),
    );
    expect(names.filter((name) => name.startsWith('all fleets'))).toEqual([]);
  });
});
