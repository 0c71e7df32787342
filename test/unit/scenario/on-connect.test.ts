import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { formatFault } from '../../../src/scenario/text/fault.ts';

function scenario(onConnect: string, target = 'emulator: { profile: "2017" }'): string {
  return `version: 1
name: x
duration: 5s
target:
  ${target}
fleets:
  - name: meters
    productKey: a1Meters
    devices: 10
    onConnect: ${onConnect}
`;
}

async function check(text: string, env: Record<string, string> = {}) {
  return await loadScenario({ path: 'x.yaml', text }, [], env);
}

async function faults(onConnect: string): Promise<string[]> {
  const result = await check(scenario(onConnect));
  return result.ok ? [] : result.faults.map(formatFault);
}

describe('onConnect', () => {
  it('is nothing unless it is written', async () => {
    const result = await check(scenario('{}').replace(/ +onConnect.*\n/, ''));
    expect(result.ok && result.scenario.fleets[0]?.onConnect).toBeUndefined();
    expect(result.ok && effectiveYaml(result.scenario)).not.toContain('onConnect');
  });

  it('gets its defaults, and is written as it is', async () => {
    const result = await check(
      scenario(`{ subscribe: [{ topic: /a/# }], publish: [{ topic: "/\${index}", qos: 1 }] }`),
    );
    if (!result.ok) throw new Error('faults');
    const expected = {
      subscribe: [{ topic: '/a/#', qos: 0 }],
      publish: [{ topic: `/\${index}`, qos: 1, bytes: 0 }],
    };
    expect(result.scenario.fleets[0]?.onConnect).toEqual(expected);
    const again = await check(effectiveYaml(result.scenario));
    expect(again.ok && again.scenario.fleets[0]?.onConnect).toEqual(expected);
  });

  it.each([
    ['{ subcribe: [] }', /^x\.yaml:10:18: .*subcribe.*did you mean "subscribe"/s],
    ['{ publish: [{ topic: "/a/+" }] }', /^x\.yaml:10:37: .*expected a topic without wildcards \(\+ and #\)/],
    ['{ subscribe: [{ topic: "/a#" }] }', /expected a filter whose wildcards \(\+ and #\) fill a level of their own/],
    ['{ subscribe: [{ topic: "/#/a" }] }', /expected a filter with # as its last level only/],
    ['{ subscribe: [{ topic: /a, qos: 2 }] }', /expected 0 or 1/],
    ['{ publish: [{ topic: /a, bytes: -1 }] }', /a whole number from 0 to 262,144/],
    ['{ publish: [{ topic: "" }] }', /a topic that may contain/],
    [`{ publish: [{ topic: "/\${deviceSecret}" }] }`, /only placeholders that a topic/],
    [`{ publish: [{ topic: "/\${nobody}" }] }`, /only placeholders that a topic/],
    [`{ publish: [{ topic: "/\${env:NOT_SET}" }] }`, /the environment variable NOT_SET is not set/],
    ['{ subscribe: [{ topic: /a }, { topic: /a, qos: 1 }] }', /filters that differ from each other/],
  ])('%s is a fault, at its place', async (onConnect, words) => {
    const found = await faults(onConnect);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(words);
    expect(found[0]).toMatch(/^x\.yaml:10:\d+: /);
  });

  it('warns of more filters than the profile takes', async () => {
    const filters = '{ subscribe: [{ topic: /a }, { topic: /b }, { topic: /c }] }';
    const limited = scenario(filters, 'emulator: { profile: "2017", maxSubscriptions: 2 }');
    const warned = (await check(limited)).warnings.map(formatFault);
    expect(warned).toHaveLength(1);
    expect(warned[0]).toMatch(/^x\.yaml:10:.*3 filters, but profile 2017 allows 2 per session and refuses the others/s);
    expect((await check(scenario(filters))).warnings).toEqual([]);
  });
});
