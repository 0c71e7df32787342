import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../../../src/scenario/effective.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';

const BASE = `version: 1
name: minimal
duration: 60s
target: { mqtt: "mqtt://127.0.0.1" }
fleets:
  - { name: meters, productKey: a1, devices: 10 }
thresholds:
`;

const check = (thresholds: string) => loadScenario({ path: 'x.yaml', text: BASE + thresholds }, []);

async function loaded(thresholds: string) {
  const result = await check(thresholds);
  if (!result.ok) throw new Error(result.faults.map(formatFault).join('\n'));
  return result;
}

async function faults(thresholds: string): Promise<string[]> {
  const result = await check(thresholds);
  return result.ok ? [] : result.faults.map(formatFault);
}

describe('thresholds', () => {
  it('may stop a run, at once or after a grace time', async () => {
    const { scenario } = await loaded(`  - response.p97.5 < 1s
  - { condition: accepted.ratio >= 90%, abort: true }
  - condition: meters.online.last >= 5
    abort: true
    grace: 1m30s
  - { condition: failed.count == 0 }
`);
    const base = { operator: '>=', source: expect.any(String) };
    expect(scenario.thresholds).toEqual([
      { source: 'response.p97.5 < 1s', metric: 'response.p97.5', operator: '<', limit: 1_000_000 },
      { ...base, metric: 'accepted.ratio', limit: 0.9, abort: { graceUs: 0 } },
      { ...base, metric: 'online.last', fleet: 'meters', limit: 5, abort: { graceUs: 90_000_000 } },
      { source: 'failed.count == 0', metric: 'failed.count', operator: '==', limit: 0 },
    ]);
    const again = await loadScenario({ path: 'x.yaml', text: effectiveYaml(scenario) }, []);
    expect(again).toMatchObject({ ok: true, scenario: { thresholds: scenario.thresholds } });
  });

  it('are refused at the place of the fault', async () => {
    expect(
      await faults(`  - { condition: respons.p99 < 1s, abort: true }
  - { condition: response.p99 < 1s, abort: yes }
  - { condition: response.p99 < 1s, abort: true, grase: 5s }
  - { condition: response.p99 < 1s, abort: true, grace: 5 }
  - { condition: response.p99 < 1s, grace: 5s }
  - { abort: true }
  - 7
`),
    ).toEqual([
      expect.stringMatching(
        /^x\.yaml:8:18: thresholds\[0\]\.condition: unknown metric respons\.p99; .* did you mean response\.p99\?$/,
      ),
      expect.stringMatching(/^x\.yaml:9:44: thresholds\[1\]\.abort: wrong value: found "yes", expected true or false$/),
      'x.yaml:10:50: thresholds[2].grase: unknown key; did you mean "grace"?',
      expect.stringMatching(/^x\.yaml:11:57: thresholds\[3\]\.grace: wrong value: found 5, .*did you mean 5s\?$/),
      'x.yaml:12:44: thresholds[4].grace: grace without abort; expected abort: true with it',
      expect.stringMatching(/^x\.yaml:13:5: thresholds\[5\]\.condition: missing/),
      expect.stringMatching(/^x\.yaml:14:5: thresholds\[6\]: wrong value: found 7, expected a condition/),
    ]);
  });

  it('that count up and have no grace time are warned of', async () => {
    const { warnings } = await loaded(`  - { condition: online.peak >= 10, abort: true }
  - { condition: online.peak >= 10, abort: true, grace: 20s }
  - { condition: failed.count == 0, abort: true }
  - online.peak >= 10
`);
    expect(warnings.map(formatFault)).toEqual([
      'x.yaml:8:5: thresholds[0]: `online.peak >= 10` fails until enough has been counted, and stops the run in its first second; give it a grace time, such as grace: 10s',
    ]);
  });
});
