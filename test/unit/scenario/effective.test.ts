import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { formatFault } from '../../../src/scenario/text/fault.ts';

const full = readFileSync(new URL('../../fixtures/scenarios/full.yaml', import.meta.url), 'utf8');

async function load(text: string, settings: string[] = []): Promise<Scenario> {
  const check = await loadScenario({ path: 'x.yaml', text }, settings);
  if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
  return check.scenario;
}

describe('effectiveYaml', () => {
  it('loads to the same scenario', async () => {
    const scenario = await load(full);
    expect(await load(effectiveYaml(scenario))).toEqual(scenario);
  });

  it('is written for people', async () => {
    const text = effectiveYaml(await load(full, ['target.mqtt=mqtt://[::1]', 'duration=1h30m']));
    expect(text).toContain('duration: 1h30m\n');
    expect(text).toContain('mqtt: mqtt://[::1]:1883\n');
    expect(text).toContain('connectTimeout: 1.5s\n');
    expect(text).toContain('rate: 20/m\n');
    expect(text).toContain('wrongSecret: 7\n');
  });

  it.each([
    ['hunter2', '(removed)'],
    [`hunter\${deviceName}2`, `(removed)\${deviceName}(removed)`],
    [`\${env:PASS}`, `\${env:PASS}`],
    [`\${deviceSecret}`, `\${deviceSecret}`],
  ])('removes the text of the password %s', async (password, expected) => {
    const text = effectiveYaml(await load(full, [`fleets.gateways.auth.password="${password}"`]));
    expect(text).not.toContain('hunter');
    expect(text).toContain(`      password: ${expected}\n`);
  });

  it.each(['hunter2', `hunter\${deviceName}2`])(
    'is refused until the password %s is put in again',
    async (password) => {
      const text = effectiveYaml(await load(full, [`fleets.gateways.auth.password="${password}"`]));
      await expect(load(text)).rejects.toThrow(/auth\.password: it was removed when the results were written/);
      const again = await load(text, ['fleets.gateways.auth.password=hunter3']);
      expect(again.fleets[1]?.auth).toMatchObject({ mode: 'password', password: 'hunter3' });
    },
  );

  it('removes a user name that has no password beside it, as services take tokens there', async () => {
    const auth = '{ mode: password, username: hunter2 }';
    const text = effectiveYaml(await load(full, [`fleets.gateways.auth=${auth}`]));
    expect(text).not.toContain('hunter2');
    await expect(load(text)).rejects.toThrow(/auth\.username: it was removed when the results were written/);
  });
});
