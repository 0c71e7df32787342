import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../../src/scenario/load.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';
import { plainValue } from '../../../../src/scenario/text/raw.ts';
import { readYaml } from '../../../../src/scenario/text/yaml-text.ts';

function read(text: string): unknown {
  const result = readYaml(text, 'x.yaml');
  return result.ok ? plainValue(result.root) : result.faults.map(formatFault);
}

describe('merge keys', () => {
  it.each([
    ['an alias', 'a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3, z: 4 }', { b: { y: 3, z: 4, x: 1 } }],
    ['an alias behind the keys', 'a: &a { x: 1 }\nb: { x: 2, <<: *a }', { b: { x: 2 } }],
    ['a mapping', 'b: { <<: { x: 1 }, y: 2 }', { b: { x: 1, y: 2 } }],
    [
      'a list, of which the first goes before',
      'a: &a { x: 1 }\nc: &c { x: 2, y: 2 }\nb: { <<: [*a, *c] }',
      { b: { x: 1, y: 2 } },
    ],
    ['a merge of a merge', 'a: &a { x: 1 }\nc: &c { <<: *a, y: 2 }\nb: { <<: *c }', { b: { x: 1, y: 2 } }],
    ['nothing in quotes', 'b: { "<<": { x: 1 } }', { b: { '<<': { x: 1 } } }],
  ])('take %s', (_name, text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it.each([
    [
      'b: { <<: 5 }',
      'x.yaml:1:6: << without a mapping; expected an alias of a mapping, or a list of them: <<: *common',
    ],
    [
      'b: { <<: [{ x: 1 }, 5] }',
      'x.yaml:1:6: << without a mapping; expected an alias of a mapping, or a list of them: <<: *common',
    ],
    ['a: &a { x: 1 }\nb: { <<: *a, <<: *a }', 'x.yaml:2:14: a second <<; merge several mappings as <<: [*one, *other]'],
    ['b: { <<: *a }', 'x.yaml:1:10: an alias without an anchor before it; quote a text that starts with *'],
    ['a: &a { <<: *a }', 'x.yaml:1:13: an alias without an anchor before it; quote a text that starts with *'],
  ])('are refused: %s', (text, expected) => {
    expect((read(text) as string[])[0]).toBe(expected);
  });

  it('are bounded as aliases are', () => {
    const levels = 'bcdefgh'.split('').map((name, index) => {
      const below = String.fromCharCode(97 + index);
      const keys = Array.from({ length: 10 }, (_, key) => `k${key}: { <<: *${below} }`);
      return `${name}: &${name} { ${keys.join(', ')} }`;
    });
    expect(read([`a: &a { x: 1 }`, ...levels].join('\n'))).toEqual([
      'x.yaml:1:1: more than 200,000 values, aliases counted each time',
    ]);
  });
});

describe('a scenario', () => {
  const text = `version: 1
name: t
duration: 5s
x-common: &common
  productKey: p
  devices: 5
x-note: not looked at
target: { mqtt: "mqtt://127.0.0.1" }
fleets:
  - { <<: *common, name: f }
  - { <<: *common, name: g, devices: 7 }
`;
  const faults = async (...settings: string[]): Promise<string[]> => {
    const check = await loadScenario({ path: 'x.yaml', text }, settings);
    return check.ok ? [] : check.faults.map(formatFault);
  };

  it('may merge, and keep what it merges under x-', async () => {
    const check = await loadScenario({ path: 'x.yaml', text }, []);
    expect(check).toMatchObject({
      ok: true,
      scenario: { fleets: [{ devices: { count: 5 } }, { devices: { count: 7 } }] },
    });
  });

  it('names the place of a merged value where it is written', async () => {
    const wrong = text.replace('devices: 5', 'devices: many');
    const check = await loadScenario({ path: 'x.yaml', text: wrong }, []);
    expect(check.ok ? [] : check.faults.map(formatFault)).toEqual([
      'x.yaml:6:12: fleets[0].devices: wrong value: found "many", expected a number of devices from 1 to 5,000,000, or { csv: devices.csv }',
    ]);
  });

  it.each([
    ['seed', '9007199254740993', 'a whole number from 0 to 9,007,199,254,740,991'],
    ['seed', '1e400', 'a whole number from 0 to 9,007,199,254,740,991'],
    ['fleets.f.devices', '99999999999999999999', 'a whole number from 1 to 5,000,000'],
    ['workers', '99999999999999999999', 'a whole number from 1 to 64'],
    ['fleets.f.duplicates.copies', '99999999999999999999', 'a whole number from 2 to 100'],
    ['fleets.f.reconnect.maxAttempts', '99999999999999999999', 'a whole number from 0 to 1,000,000'],
  ])('tells once that %s=%s is too large, as it is written', async (path, value, expected) => {
    const found = await faults(`${path}=${value}`);
    const own = found.filter((line) => line.includes(`found ${value}`));
    expect(own).toHaveLength(1);
    expect(own[0]).toContain(`found ${value}, expected ${expected}`);
  });

  it('says that a list or a mapping is empty', async () => {
    expect(await faults('fleets=[]')).toEqual([
      '--set fleets: fleets: wrong value: found an empty list, expected a list of 1 to 200 fleets',
    ]);
    expect((await faults('target={}'))[0]).toContain('found an empty mapping');
  });

  it('has no fleet that readers of JSON would leave out', async () => {
    expect(await faults('fleets.f.name=__proto__')).toEqual([
      '--set fleets.f.name: fleets[0].name: wrong value: found "__proto__", expected a name that can be a key in JSON, which this one cannot',
    ]);
    expect(await faults('fleets.f.name=constructor', 'fleets.constructor.devices=3', 'fleets.g.name=toString')).toEqual(
      [],
    );
  });

  it('takes no variable that every object has', async () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      const auth = `{ mode: password, username: "\${env:${name}}" }`;
      const check = await loadScenario({ path: 'x.yaml', text }, [`fleets.f.auth=${auth}`], {});
      expect(check.ok ? [] : check.faults.map(({ message }) => message)).toEqual([
        `the environment variable ${name} is not set`,
      ]);
    }
  });
});
