import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../../../../src/scenario/effective.ts';
import { loadScenario, type ScenarioCheck } from '../../../../../src/scenario/load.ts';
import type { MqttTarget } from '../../../../../src/scenario/scenario.ts';
import { formatFault } from '../../../../../src/scenario/text/fault.ts';

function check(target: string, settings: readonly string[] = [], fleet = ''): Promise<ScenarioCheck> {
  const text = [
    ...['version: 1', 'name: x', 'duration: 5s', 'target:', ...target.split('\n').map((line) => `  ${line}`)],
    ...['fleets:', `  - { name: f, productKey: a1, devices: 1${fleet} }`],
  ].join('\n');
  return loadScenario({ path: 'x.yaml', text }, settings);
}

async function targetOf(...given: Parameters<typeof check>): Promise<MqttTarget> {
  const checked = await check(...given);
  if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'));
  const { target } = checked.scenario;
  return target.kind === 'mqtt' ? target : expect.fail('no service');
}

async function faultsOf(...given: Parameters<typeof check>): Promise<string[]> {
  const checked = await check(...given);
  return checked.ok ? [] : checked.faults.map(formatFault);
}

async function warningsOf(...given: Parameters<typeof check>): Promise<string[]> {
  return (await check(...given)).warnings.map(formatFault);
}

describe('target.mqtt', () => {
  it('takes one address, in a list too', async () => {
    const one = { transport: 'tcp', addresses: [{ host: '127.0.0.1', port: 1883 }], spread: 'by-device' };
    expect(await targetOf('mqtt: mqtt://127.0.0.1')).toMatchObject(one);
    expect(await targetOf('mqtt: [mqtt://127.0.0.1]')).toMatchObject(one);
  });

  it('takes several, and how devices are spread over them', async () => {
    const target = await targetOf('mqtt:\n  - mqtts://127.0.0.1\n  - mqtts://[::1]:8884\nspread: next-on-failure');
    expect(target).toMatchObject({
      transport: 'tls',
      addresses: [
        { host: '127.0.0.1', port: 8883 },
        { host: '::1', port: 8884 },
      ],
      spread: 'next-on-failure',
    });
  });

  it('is a list or an address on the command line, whatever the file has', async () => {
    const [one, two] = ['mqtt: mqtt://127.0.0.1', 'mqtt: [mqtt://127.0.0.1, mqtt://127.0.0.2]'];
    expect((await targetOf(one, ['target.mqtt=[mqtt://a.localhost, mqtt://b.localhost]'])).addresses).toHaveLength(2);
    expect((await targetOf(two, ['target.mqtt=mqtt://127.0.0.9'])).addresses).toEqual([
      { host: '127.0.0.9', port: 1883 },
    ]);
    expect((await targetOf(two, ['target.mqtt.1=mqtt://127.0.0.9:1'])).addresses[1]).toEqual({
      host: '127.0.0.9',
      port: 1,
    });
  });

  it('is written to scenario.yaml as it was understood', async () => {
    for (const target of ['mqtt: mqtt://127.0.0.1', 'mqtt: [mqtt://127.0.0.1, "mqtt://[::1]:1"]\nspread: in-turn']) {
      const first = await check(target);
      if (!first.ok) return expect.fail('not loaded');
      const again = await loadScenario({ path: 'x.yaml', text: effectiveYaml(first.scenario) }, []);
      expect(again.ok && again.scenario).toEqual(first.scenario);
      expect(again.warnings).toEqual([]);
    }
  });

  it('refuses addresses that do not go together, each at its own line and column', async () => {
    expect(await faultsOf('mqtt:\n  - mqtt://127.0.0.1\n  - mqtts://127.0.0.2\n  - mqtt://127.0.0.1:1883')).toEqual([
      'x.yaml:7:7: target.mqtt[1]: wrong value: found "mqtts://127.0.0.2", expected mqtt://, as the first address has it: the addresses of a service share transport and TLS settings',
      'x.yaml:8:7: target.mqtt[2]: wrong value: found "mqtt://127.0.0.1:1883", expected each address once',
    ]);
  });

  it.each([
    ['mqtt: []', /^x\.yaml:5:9: target\.mqtt: wrong value: .*expected .*a list of 1 to 32 of them$/],
    [
      'mqtt: [mqtt://127.0.0.1, 5]',
      /^x\.yaml:5:28: target\.mqtt\[1\]: wrong value: found 5, expected an address such as/,
    ],
    ['mqtt: [mqtt://127.0.0.1, "mqtt://a b"]', /^x\.yaml:5:28: target\.mqtt\[1\]: wrong value: .*expected an address/],
    ['mqtt: { a: 1 }', /^x\.yaml:5:9: target\.mqtt: wrong value: .*expected an address such as/],
    [
      'mqtt: mqtt://127.0.0.1\nspread: next',
      /^x\.yaml:6:11: target\.spread: .*expected by-device, in-turn or next-on-/,
    ],
  ])('refuses %s', async (target, words) => {
    expect(await faultsOf(target)).toEqual([expect.stringMatching(words)]);
  });

  it('refuses more than 32', async () => {
    const list = (count: number): string => Array.from({ length: count }, (_, last) => `mqtt://127.0.0.${last}`).join();
    expect(await faultsOf(`mqtt: [${list(32)}]`)).toEqual([]);
    expect(await faultsOf(`mqtt: [${list(33)}]`)).toEqual([expect.stringContaining('a list of 1 to 32 of them')]);
  });

  it('warns of a spread that has nothing to spread over', async () => {
    expect(await warningsOf('mqtt: mqtt://127.0.0.1\nspread: in-turn')).toEqual([
      'x.yaml:6:11: target.spread: has no effect: target.mqtt is a single address',
    ]);
  });

  it('warns of addresses that replies to logins overrule', async () => {
    const two = 'mqtt: [mqtt://127.0.0.1, mqtt://127.0.0.2]\nauth: http://127.0.0.1:1/a';
    const token = ', auth: { mode: https-token }';
    expect(await warningsOf(two, [], token)).toEqual([
      'x.yaml:5:9: target.mqtt: devices of fleet f go where the replies to their HTTPS logins send them, not to these addresses; to use the addresses: `followResources: false`',
    ]);
    expect(await warningsOf(`${two}\nfollowResources: false`, [], token)).toEqual([]);
    expect(await warningsOf(two)).toEqual([]);
  });
});
