import { describe, expect, it } from 'vitest';
import { capacityFacts } from '../../../../src/cli/text/capacity-text.ts';
import { effectiveYaml } from '../../../../src/scenario/effective.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';
import type { Scenario } from '../../../../src/scenario/scenario.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';

const HEAD = `version: 1
name: small
duration: 10s
target: { emulator: {} }
fleets: [{ name: meters, productKey: a1, devices: 30 }]
`;

async function faultsOf(capacity: string): Promise<string[]> {
  const check = await loadScenario({ path: 'x.yaml', text: `${HEAD}capacity: ${capacity}\n` }, []);
  return check.ok ? [] : check.faults.map(formatFault);
}

async function load(text: string, settings: readonly string[] = []): Promise<Scenario> {
  const check = await loadScenario({ path: 'x.yaml', text }, settings);
  if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
  return check.scenario;
}

const FULL = `${HEAD}capacity:
  goals: [response.p99 < 50ms, meters.accepted.ratio >= 99.9%]
  rate: 500/s..5000/s
  precision: 3%
  exceed: 20%
  budget: 5m
  stay: 500ms
  expect: ">= 2000/s"
`;

describe('the capacity section of a scenario', () => {
  it('keeps the words of the options, which --set can change like all others', async () => {
    const { capacity } = await load(FULL, ['capacity.rate=100/s..200/s']);
    expect(capacity).toEqual({
      search: 'rate',
      goals: ['response.p99 < 50ms', 'meters.accepted.ratio >= 99.9%'],
      ...{ rate: '100/s..200/s', precision: '3%', exceed: '20%', budget: '5m', stay: '500ms', expect: '>= 2000/s' },
    });
    expect((await load(HEAD)).capacity).toBeUndefined();
  });

  it('is in what was really run', async () => {
    const scenario = await load(FULL);
    expect(await load(effectiveYaml(scenario))).toEqual(scenario);
  });

  it('is told by validate', async () => {
    expect(capacityFacts(await load(FULL))).toEqual([
      [
        'capacity',
        '`fleetstorm capacity` finds logins per second, rate 500/s..5000/s, precision 3%, exceed 20%, budget 5m, stay 500ms',
      ],
      ['', 'goals response.p99 < 50ms, meters.accepted.ratio >= 99.9%'],
      ['', 'expected >= 2000/s'],
    ]);
    expect(capacityFacts({})).toEqual([]);
  });

  it.each([
    ['{ goals: [response.p99 < 50ms, accepted.ratios >= 1%] }', 'x.yaml:6:42: capacity.goals[1]: unknown metric'],
    [
      '{ goals: [accepted.count > 5] }',
      'x.yaml:6:21: capacity.goals[0]: `accepted.count > 5` cannot be a goal of a search',
    ],
    ['{ goals: [] }', 'x.yaml:6:20: capacity.goals: wrong value: found an empty list'],
    ['{ rate: 500/s }', 'x.yaml:6:19: capacity.rate: wrong value: found "500/s", expected a range of rates'],
    ['{ search: sessions, rate: 1/s..5/s }', 'x.yaml:6:37: capacity.rate: wrong value'],
    ['{ sessions: 5..10 }', 'x.yaml:6:23: capacity.sessions: this is a search for logins per second'],
    ['{ search: sessions, goals: [response.p99 < 1s] }', 'expected one goal, such as `accepted.ratio >= 99.9%`'],
    [
      '{ precision: 90% }',
      'x.yaml:6:24: capacity.precision: wrong value: found "90%", expected a precision from 1% to 50%',
    ],
    ['{ exceed: 95% }', 'expected a share from 0% to 90%'],
    ['{ budget: 1s }', 'expected a time of 30s or more'],
    ['{ stay: 1ms }', 'expected a time from 10ms to 1h'],
    ['{ expect: ">= 2000" }', 'expected an expectation such as `>= 2000/s`'],
    ['{ search: sessions, expect: ">= 2000/s" }', 'expected an expectation such as `>= 5000`'],
    ['{ goal: response.p99 < 50ms }', 'capacity.goal: unknown key; did you mean "goals"?'],
    ['{ search: session }', 'did you mean "sessions"?'],
  ])('%s is a fault', async (capacity, expected) => {
    const faults = await faultsOf(capacity);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(expected);
  });

  it('has all its faults told at once', async () => {
    expect(await faultsOf('{ goals: [x], rate: 5, precision: 90%, expect: "2000" }')).toHaveLength(4);
  });
});
