import { describe, expect, it } from 'vitest';
import { remoteTargets, targetHosts } from '../../../../src/host/machine/target-hosts.ts';
import { emulatorConfig } from '../../../../src/host/target/emulator-config.ts';
import { unreachableEmulator } from '../../../../src/host/target/emulator-place.ts';
import { effectiveYaml } from '../../../../src/scenario/effective.ts';
import { loadScenario, type ScenarioCheck } from '../../../../src/scenario/load.ts';
import type { EmulatorTarget, Scenario } from '../../../../src/scenario/scenario.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';

async function checked(...settings: readonly string[]): Promise<ScenarioCheck> {
  const fleet = '  - { name: meters, productKey: a1, devices: 2, auth: { mode: https-token } }';
  const text = ['version: 1', 'name: x', 'duration: 5s', 'target: { emulator: {} }', 'fleets:', fleet].join('\n');
  return await loadScenario(
    { path: 'x.yaml', text },
    settings.map((setting) => `target.emulator.${setting}`),
  );
}

async function loaded(...settings: readonly string[]): Promise<Scenario> {
  const check = await checked(...settings);
  if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
  return check.scenario;
}

function targetOf({ target }: Scenario): EmulatorTarget {
  if (target.kind !== 'emulator') throw new Error('not the emulator');
  return target;
}

async function words(...settings: readonly string[]): Promise<string[]> {
  const check = await checked(...settings);
  return (check.ok ? check.warnings : check.faults).map(({ message, expected }) => `${message}; ${expected ?? ''}`);
}

describe('where the emulator listens', () => {
  it('is loopback unless an address is named', async () => {
    const scenario = await loaded();
    expect(emulatorConfig(scenario, targetOf(scenario))).toMatchObject({ host: '127.0.0.1', port: 0 });
    expect(targetHosts(scenario)).toEqual(['127.0.0.1']);
    expect(await words()).toEqual([]);
  });

  it.each([
    ['listen=192.0.2.10', { host: '192.0.2.10', port: 0 }],
    ['listen=192.0.2.10:1883', { host: '192.0.2.10', port: 1_883 }],
    ['listen="[2001:db8::1]:1883"', { host: '2001:db8::1', port: 1_883 }],
    ['listen=127.0.0.2', { host: '127.0.0.2', port: 0 }],
  ])('is as asked for: %s', async (setting, expected) => {
    const scenario = await loaded(setting);
    const target = targetOf(scenario);
    expect(target.listen).toEqual({ ...expected, reachableAs: undefined });
    expect(emulatorConfig(scenario, target)).toMatchObject({ ...expected, tls: { names: [expected.host] } });
    expect(targetHosts(scenario)).toEqual([expected.host]);
    expect(remoteTargets(scenario, [])).toEqual([]);
    expect(await again(scenario)).toEqual(target);
  });

  it('may be every address, reached by a name that is allowed and in the certificate', async () => {
    const scenario = await loaded('listen=0.0.0.0', 'reachableAs=emulator.example.com');
    const target = targetOf(scenario);
    expect(emulatorConfig(scenario, target)).toMatchObject({
      host: '0.0.0.0',
      tls: { names: ['emulator.example.com'] },
      auth: { mqttHost: 'emulator.example.com' },
    });
    expect(targetHosts(scenario)).toEqual(['emulator.example.com']);
    expect(remoteTargets(scenario, [])).toEqual(['emulator.example.com']);
    expect(remoteTargets(scenario, ['emulator.example.com'])).toEqual([]);
    expect(await again(scenario)).toEqual(target);
  });

  it.each([
    [['listen=example.com'], 'an IP address of this machine'],
    [['listen=192.0.2.10:99999'], 'an IP address of this machine'],
    [['listen="2001:db8::1"'], 'an IP address of this machine'],
    [['listen="[192.0.2.10]"'], 'an IP address of this machine'],
    [['listen=192.0.2.10', 'reachableAs=a b'], 'a host name or an IP address'],
    [
      ['listen=0.0.0.0'],
      '0.0.0.0 is every address of this machine, and none that devices could connect to; one address, or target.emulator.reachableAs too',
    ],
    [['listen="[::]:1883"'], ':: is every address of this machine'],
    [['reachableAs=example.com'], 'the emulator listens on loopback only; target.emulator.listen too'],
  ])('is refused in words: %j', async (settings, expected) => {
    const check = await checked(...settings);
    expect(check.ok).toBe(false);
    expect((await words(...settings)).join('\n')).toContain(expected);
  });

  it('is said before it is opened to others', async () => {
    expect(await words('listen=192.0.2.10')).toEqual([
      'opens the emulator to other machines: whoever reaches 192.0.2.10 can log in while the run goes on; ',
    ]);
    expect(await words('listen=0.0.0.0', 'reachableAs=localhost')).toEqual([
      'opens the emulator to other machines: whoever reaches any address of this machine can log in while the run goes on; ',
    ]);
    expect(await words('listen=127.0.0.2')).toEqual([]);
  });

  it('must be asked for before agents on other machines may use it', async () => {
    expect(unreachableEmulator(await loaded())).toMatch(/127\.0\.0\.1 only, .*--set target\.emulator\.listen=ADDRESS/);
    expect(unreachableEmulator(await loaded('listen=192.0.2.10'))).toBeUndefined();
  });
});

/** The target as it is read from what was really run. */
async function again(scenario: Scenario): Promise<EmulatorTarget> {
  const check = await loadScenario({ path: 'again.yaml', text: effectiveYaml(scenario) }, []);
  if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
  return targetOf(check.scenario);
}
