import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../../../src/scenario/text/fault.ts';
import { plainValue } from '../../../../src/scenario/text/raw.ts';
import { applySettings } from '../../../../src/scenario/text/settings.ts';
import { readYaml } from '../../../../src/scenario/text/yaml-text.ts';

const TEXT = `
duration: 30s
target: { emulator: { profile: "2017" } }
fleets:
  - { name: meters, devices: 1000 }
  - { name: a.b, devices: 10 }
  - { name: a, devices: 20 }
thresholds: [x]
`;

function apply(...settings: string[]): { value: unknown; faults: string[] } {
  const read = readYaml(TEXT, 'x.yaml');
  if (!read.ok) throw new Error('the text is YAML');
  const faults = applySettings(read.root, settings).map(formatFault);
  return { value: plainValue(read.root), faults };
}

describe('applySettings', () => {
  it.each([
    ['duration=5s', { duration: '5s' }],
    ['seed=7', { seed: 7 }],
    ['target.mqtt=mqtt://127.0.0.1:1883', { target: { mqtt: 'mqtt://127.0.0.1:1883' } }],
    ['target.emulator.profile=current', { target: { emulator: { profile: 'current' } } }],
    ['thresholds=[a, b]', { thresholds: ['a', 'b'] }],
    ['thresholds.0=response.p99 < 1s', { thresholds: ['response.p99 < 1s'] }],
    ['name=a=b', { name: 'a=b' }],
  ])('puts %s over the file', (setting, expected) => {
    const { value, faults } = apply(setting);
    expect(faults).toEqual([]);
    expect(value).toMatchObject(expected);
  });

  it('finds fleets by index and by name, the longest name first', () => {
    const { value } = apply('fleets.0.devices=1', 'fleets.a.b.devices=2', 'fleets.a.devices=3');
    expect(value).toMatchObject({ fleets: [{ devices: 1 }, { devices: 2 }, { devices: 3 }] });
  });

  it('makes mappings on the way, also in the place of other values', () => {
    const { value } = apply('fleets.a.faults.wrongSecret=10%', 'fleets.meters.devices.csv=x.csv');
    expect(value).toMatchObject({
      fleets: [{ devices: { csv: resolve('x.csv') } }, {}, { faults: { wrongSecret: '10%' } }],
    });
  });

  it('keeps one target: the one that was set last', () => {
    const { value } = apply('target.mqtt=mqtt://h', 'target.emulator.profile=current');
    expect(value).toMatchObject({ target: { emulator: { profile: 'current' } } });
    expect(Object.keys((value as { target: object }).target)).toEqual(['emulator']);
  });

  it.each<[string, object]>([
    ['fleets.0.devices.csv=../x.csv', { fleets: [{ devices: { csv: resolve('../x.csv') } }, {}, {}] }],
    ['fleets.meters.devices={ csv: x.csv }', { fleets: [{ devices: { csv: resolve('x.csv') } }, {}, {}] }],
    ['target.tls.ca=ca.pem', { target: { tls: { ca: resolve('ca.pem') } } }],
    ['target.tls={ clientCert: c.pem, clientKey: /k.pem }', { target: { tls: { clientCert: resolve('c.pem') } } }],
    ['target={ tls: { clientKey: k.pem, serverName: a.b } }', { target: { tls: { clientKey: resolve('k.pem') } } }],
    ['target.tls.serverName=ca.pem', { target: { tls: { serverName: 'ca.pem' } } }],
  ])("takes the file of %s from the shell's folder", (setting, expected) => {
    expect(apply(setting).value).toMatchObject(expected);
  });

  it('lets the last of two settings win', () => {
    expect(apply('seed=1', 'seed=2').value).toMatchObject({ seed: 2 });
  });

  it.each([
    ['seed', '--set seed: not a setting; expected path=value, such as fleets.0.devices=100'],
    [
      'fleets.0.auth.password hunter2',
      '--set (hidden): not a setting; expected path=value, such as fleets.0.devices=100',
    ],
    [
      'fleets.0.auth.password:hunter2==',
      '--set fleets.0.auth.password(hidden): not a setting; expected path=value, such as fleets.0.devices=100',
    ],
    ['=5', '--set (hidden): not a setting; expected path=value, such as fleets.0.devices=100'],
    ['seed=', '--set seed: no value after =; expected a value, such as fleets.0.devices=100'],
    ['a..b=1', '--set a..b: an empty step in the path; expected keys joined by dots'],
    ['seed=[1', '--set seed: not YAML: Flow sequence must end with a ]'],
    [
      'fleets.metres.devices=1',
      '--set fleets.metres.devices: nothing is called metres here; expected an index of 0 to 2, or meters, or a.b, or a; did you mean "meters"?',
    ],
    [
      'fleets.3.devices=1',
      '--set fleets.3.devices: nothing is called 3 here; expected an index of 0 to 2, or meters, or a.b, or a',
    ],
    [
      'fleets.0.auth.password=x: y: z',
      '--set fleets.0.auth.password: not YAML: Nested mappings are not allowed in compact mappings',
    ],
  ])('refuses %s', (setting, expected) => {
    expect(apply(setting).faults).toEqual([expected]);
  });
});
