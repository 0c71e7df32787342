import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../src/emulator/contract/profiles.ts';
import { NO_DUPLICATES } from '../../../src/plan/duplicates.ts';
import { DEFAULT_POLICY } from '../../../src/plan/reconnect-presets.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { formatFault } from '../../../src/scenario/text/fault.ts';

const FIXTURES = new URL('../../fixtures/scenarios/', import.meta.url);
const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), 'utf8');

const MINIMAL = `version: 1
name: minimal
duration: 5s
target: { mqtt: "mqtt://127.0.0.1" }
fleets:
  - name: meters
    productKey: a1
    devices: 10
`;

async function load(text: string, settings: string[] = [], env?: Record<string, string>): Promise<Scenario> {
  const check = await loadScenario({ path: 'x.yaml', text }, settings, env);
  if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
  return check.scenario;
}

async function faults(text: string, settings: string[] = [], env?: Record<string, string>): Promise<string[]> {
  const check = await loadScenario({ path: 'x.yaml', text }, settings, env);
  return check.ok ? [] : check.faults.map(formatFault);
}

async function warnings(text: string): Promise<string[]> {
  return (await loadScenario({ path: 'x.yaml', text }, [])).warnings.map(formatFault);
}

describe('a scenario without faults', () => {
  it('gets every default', async () => {
    expect(await load(MINIMAL)).toEqual({
      version: 1,
      name: 'minimal',
      seed: 1,
      durationUs: 5_000_000,
      target: {
        kind: 'mqtt',
        addresses: [{ host: '127.0.0.1', port: 1883 }],
        spread: 'by-device',
        transport: 'tcp',
        tls: { verify: true, minVersion: 'TLSv1.2', sessionResumption: false },
        authConnections: 'own',
        followsResources: true,
      },
      workers: 'auto',
      client: 'mqttjs',
      sources: 'auto',
      events: [],
      noticeShare: 0.05,
      thresholds: [],
      fleets: [
        {
          name: 'meters',
          productKey: 'a1',
          devices: { kind: 'generated', count: 10 },
          auth: { mode: 'direct', signmethod: 'hmacsha1', timestamp: 'now' },
          connect: { arrival: 'burst' },
          connection: { connectTimeoutUs: 10_000_000, keepaliveSec: 120, clean: true },
          flaws: { wrongSecretCount: 0, unknownDeviceCount: 0 },
          reconnect: { name: 'every second', policy: DEFAULT_POLICY },
          duplicates: NO_DUPLICATES,
        },
      ],
    });
  });

  it('keeps every key that is written', async () => {
    const scenario = await load(fixture('full.yaml'));
    expect(scenario.target).toMatchObject({
      kind: 'emulator',
      profile: {
        name: '2017',
        keepaliveMinSec: 40,
        keepaliveMaxSec: 1200,
        maxClientIdLength: 23,
        maxPublishBytes: 1024,
        maxQos: 2,
        maxSubscriptions: 10,
        ownTopicsOnly: false,
        acceptsMqtt31: false,
        keepsWills: false,
        keepsRetained: false,
        connack: {
          'protocol-version': 1,
          'bad-client-id': 2,
          'bad-keepalive': 3,
          'securemode-mismatch': 2,
          'bad-signature': 5,
          'unknown-device': 4,
          'rate-limited': 3,
        },
      },
    });
    expect(scenario.fleets[0]).toMatchObject({
      auth: { mode: 'direct', signmethod: 'hmacsha256', timestamp: 'none' },
      connect: { arrival: 'ramp', overUs: 10_000_000 },
      connection: { connectTimeoutUs: 1_500_000, keepaliveSec: 45, clean: false },
      flaws: { wrongSecretCount: 7, unknownDeviceCount: 29 },
    });
    expect(scenario.fleets.slice(1).map(({ connect }) => connect)).toEqual([
      {
        arrival: 'stages',
        stages: [
          { ratePerSec: 20 / 60, overUs: 5_000_000 },
          { targetSessions: 100, overUs: 5_000_000 },
        ],
      },
      { arrival: 'burst' },
      { arrival: 'rate', ratePerSec: 2.5 },
      { arrival: 'poisson', ratePerSec: 5 },
    ]);
    expect(scenario.thresholds.map(({ fleet, metric, limit }) => [fleet, metric, limit])).toEqual([
      [undefined, 'response.p99', 500_000],
      ['gateways', 'accepted.ratio', 0.999],
    ]);
  });

  it('is frozen to its leaves', async () => {
    const scenario = await load(fixture('full.yaml'));
    expect(Object.isFrozen(scenario)).toBe(true);
    expect(Object.isFrozen(scenario.fleets[0]?.flaws)).toBe(true);
  });

  it('may be JSON', async () => {
    const json = JSON.stringify({
      version: 1,
      name: 'json',
      duration: '5s',
      target: { emulator: {} },
      fleets: [{ name: 'a', productKey: 'p', devices: 2 }],
    });
    expect((await load(json)).target).toMatchObject({ kind: 'emulator', profile: PROFILES['2017'] });
  });

  it.each(['2017', '"2017"', 'current'])('takes the profile %s', async (profile) => {
    const scenario = await load(MINIMAL, [`target.emulator.profile=${profile}`]);
    expect(scenario.target).toMatchObject({ profile: { name: profile.replaceAll('"', '') } });
  });

  it.each([
    ['mqtt://broker.example', 'broker.example', 1883, 'tcp'],
    ['mqtts://broker.example', 'broker.example', 8883, 'tls'],
    ['mqtts://broker.example:1883', 'broker.example', 1883, 'tls'],
    ['mqtt://127.0.0.1:1884/', '127.0.0.1', 1884, 'tcp'],
    ['mqtt://[::1]:1885', '::1', 1885, 'tcp'],
    [`mqtt://\${productKey}.iot.example:1883`, `\${productKey}.iot.example`, 1883, 'tcp'],
  ])('takes the address %s', async (address, host, port, transport) => {
    const { target } = await load(MINIMAL, [`target.mqtt="${address}"`]);
    expect(target).toMatchObject({ kind: 'mqtt', addresses: [{ host, port }], transport });
  });
});

describe('faults', () => {
  it('are all reported at once, each with its place', async () => {
    expect(await faults(fixture('many-faults.yaml'))).toMatchInlineSnapshot(`
      [
        "x.yaml:1:1: name: missing; expected a name of the run, 1 to 100 characters, no control characters",
        "x.yaml:1:10: version: wrong value: found 2, expected 1",
        "x.yaml:2:1: nam: unknown key; did you mean "name"?",
        "x.yaml:3:7: seed: wrong value: found -1, expected a whole number from 0 to 9,007,199,254,740,991",
        "x.yaml:4:11: duration: wrong value: found 30, expected a duration from 1s to 30d, such as 30s; did you mean 30s?",
        "x.yaml:6:3: target.emulatr: unknown key; did you mean "emulator"?",
        "x.yaml:7:10: workers: wrong value: found "aut", expected auto, or a number of threads from 1 to 64; did you mean "auto"?",
        "x.yaml:9:5: fleets[0].devices: missing; expected a number of devices from 1 to 5,000,000, or { csv: devices.csv }",
        "x.yaml:10:17: fleets[0].productKey: wrong value: found 123456, expected a text of letters, digits, "_" and "-", 1 to 63 of them; put it in quotes",
        "x.yaml:11:5: fleets[0].devces: unknown key; did you mean "devices"?",
        "x.yaml:12:19: fleets[0].auth.mode: wrong value: found "passwrd", expected one of direct, https-token, password; did you mean "password"?",
        "x.yaml:13:25: fleets[0].connect.arrival: wrong value: found "rmp", expected one of burst, rate, ramp, stages, poisson; did you mean "ramp"?",
        "x.yaml:14:16: fleets[0].keepalive: wrong value: found "1.5s", expected a duration from 0s to 18h12m15s in whole seconds, such as 60s",
        "x.yaml:15:12: fleets[0].clean: wrong value: found "yes", expected true or false",
        "x.yaml:16:11: fleets[1].name: fleets[0] is called "meters" too; expected a name of its own for each fleet",
        "x.yaml:18:32: fleets[1].connect.over: unknown key; known here: arrival",
        "x.yaml:19:5: fleets[2].productKey: missing; expected the product key of the generated devices",
        "x.yaml:21:13: fleets[2].faults: 11 devices to be wrong on purpose, but there are only 10; expected wrongSecret and unknownDevice together at most devices",
        "x.yaml:25:39: fleets[3].auth.password: wrong value: found a text (hidden), expected known placeholders only: \${deviceName} \${productKey} \${deviceSecret} \${index} \${column:NAME} \${env:NAME}",
        "x.yaml:26:42: fleets[3].connect.stages[0].over: missing; expected a duration from 1us to 30d, such as 10s",
        "x.yaml:26:57: fleets[3].connect.stages[1]: wrong value: found a mapping of keys, expected a stage: { rate: 100/s, over: 10s } or { target: 500, over: 10s }",
        "x.yaml:26:73: fleets[3].connect.stages[2].rte: unknown key; did you mean "rate"?",
        "x.yaml:28:5: thresholds[0]: 500 cannot be a limit of response.p99; expected a duration with its unit: 500ms, 1.5s; did you mean 500ms?",
        "x.yaml:29:5: thresholds[1]: unknown fleet meterz; expected one of meters, small, staged; did you mean meters.response.p99?",
      ]
    `);
  });

  it.each([
    ['', 'x.yaml:1:1: the file is empty; expected a scenario: version, name, target, fleets'],
    ['# nothing\n', 'x.yaml:1:1: the file is empty; expected a scenario: version, name, target, fleets'],
    ['- 1', 'x.yaml:1:1: wrong value: found a list, expected a scenario: version, name, duration, target, fleets'],
    ['a: 1\nb: 2\na: 3', 'x.yaml:3:1: the key "a" is here twice; first on line 1'],
    ['a: *b', 'x.yaml:1:4: an alias without an anchor before it; quote a text that starts with *'],
    ['a: &a [*a]', 'x.yaml:1:8: an alias without an anchor before it; quote a text that starts with *'],
    ['a: !b c', 'x.yaml:1:4: an unknown tag; quote a text that starts with !'],
    ['a: 1\n---\nb: 2', 'x.yaml:2:1: a second document; expected one scenario per file'],
  ])('of the text itself: %#', async (text, expected) => {
    expect(await faults(text)).toEqual([expected]);
  });

  it('bound its depth', async () => {
    expect(await faults('[\n'.repeat(50_000))).toEqual(['x.yaml:34:1: nested more than 32 levels deep']);
  });

  it('bound an alias bomb', async () => {
    const levels = 'bcdefgh'.split('').map((name, index) => {
      const below = String.fromCharCode(97 + index);
      return `${name}: &${name} [${`*${below},`.repeat(10)}]`;
    });
    expect(await faults([`a: &a [${'x,'.repeat(10)}]`, ...levels].join('\n'))).toEqual([
      'x.yaml:1:1: more than 200,000 values, aliases counted each time',
    ]);
  });

  it.each([
    ['target.mqtt=amqp://h', 'expected an address such as mqtt://127.0.0.1:1883, or mqtts://HOST:8883'],
    ['target.mqtt=ws://h', 'expected mqtt:// (WebSocket, ws://, is not supported)'],
    ['target.mqtt=mqtt://h:0', 'expected an address such as mqtt://127.0.0.1:1883'],
    ['target.mqtt=mqtt://a..b', 'expected an address such as mqtt://127.0.0.1:1883'],
    ['fleets.0.keepalive=65536s', 'expected a duration from 0s to 18h12m15s in whole seconds, such as 60s'],
    ['fleets.0.connect={arrival: rate, rate: 500}', 'such as 500/s or 30/m; did you mean 500/s?'],
    ['duration=31d', 'expected a duration from 1s to 30d, such as 30s'],
    ['fleets.0.name=a b', 'expected letters, digits, "_", "." and "-", 1 to 48 of them'],
    [
      'fleets.0.faults={wrongSecret: 101%}',
      'expected a percentage from 0% to 100%, such as 10%, or a number of devices',
    ],
    ['target.emulator.profile=curent', 'expected one of "2017", "current"; did you mean "current"?'],
    ['target.emulator.connack.bad-signature=9', 'expected a CONNACK code of 1 to 5'],
    ['fleets.0.devices=5000001', 'expected a whole number from 1 to 5,000,000'],
    ['fleets=[]', 'expected a list of 1 to 200 fleets'],
  ])('of a value: %s', async (setting, expected) => {
    const found = await faults(MINIMAL, [setting]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('refuse two targets and none', async () => {
    const both = MINIMAL.replace('{ mqtt:', '{ emulator: {}, mqtt:');
    const expected = 'expected exactly one of { emulator: { profile: "2017" } } and { mqtt: "mqtt://HOST:PORT" }';
    expect(await faults(both)).toEqual([`x.yaml:4:9: target: wrong value: found a mapping of keys, ${expected}`]);
    expect(await faults(MINIMAL, ['target={}'])).toEqual([
      `--set target: target: wrong value: found an empty mapping, ${expected}`,
    ]);
  });

  it('count devices over all fleets', async () => {
    const text = `${MINIMAL}  - { name: more, productKey: a1, devices: 4999991 }\n`;
    expect(await faults(text)).toEqual([
      'x.yaml:6:3: fleets: 5,000,001 devices in all fleets; expected at most 5,000,000',
    ]);
  });

  it('tell a fleet that has the names of unknown devices', async () => {
    const text = `${MINIMAL}    faults: { unknownDevice: 1 }\n  - { name: unknown-meters, productKey: a1, devices: 1 }\n`;
    expect(await faults(text)).toEqual([
      'x.yaml:10:13: fleets[1].name: its devices have the same names as the unknown devices of fleet meters; expected another name',
    ]);
  });

  it('name environment variables that are not set, when told what is set', async () => {
    const text = `${MINIMAL}    auth: { mode: password, username: "\${env:USER_X}", password: "\${env:PASS_X}" }\n`;
    expect(await faults(text)).toEqual([]);
    expect(await faults(text, [], { USER_X: 'u' })).toEqual([
      'x.yaml:9:66: fleets[0].auth.password: the environment variable PASS_X is not set; set it before the run: export PASS_X=...',
    ]);
    expect(JSON.stringify(await load(text, [], { USER_X: 'u', PASS_X: 'hunter2' }))).not.toContain('hunter2');
  });

  it.each([
    [`auth: { mode: password, password: "hunter2\${oops}" }`, []],
    ['auth: { mode: password, pasword: hunter2 }', []],
    ['auth: { mode: password, password: [hunter2] }', []],
    ['auth: { mode: password, password: *hunter2 }', []],
    ['auth: { mode: password, password: !hunter2 x }', []],
    ['auth: { mode: password, password: @hunter2 }', []],
    ['auth: { mode: password, password: "hunter2\\q" }', []],
    ['auth: { mode: password, password: hunter2: 3 }', []],
    ['auth: hunter2', []],
    ['clean: true', ['fleets.0.auth.password=hunter2']],
    ['clean: true', ['fleets.0.auth={password: hunter2}']],
    ['clean: true', ['target.mqtt=mqtt://joe:hunter2@h']],
  ])('never show a secret: %s %j', async (line, settings) => {
    const found = await faults(`${MINIMAL}    ${line}\n`, settings);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).not.toContain('hunter2');
  });
});

describe('warnings', () => {
  const emulated = MINIMAL.replace('{ mqtt: "mqtt://127.0.0.1" }', '{ emulator: { profile: "2017" } }');

  it('tell a keepalive the profile refuses', async () => {
    expect(await warnings(`${emulated}    keepalive: 30s\n`)).toEqual([
      'x.yaml:9:16: fleets[0].keepalive: profile 2017 refuses a keepalive of 30s, so every login of this fleet is refused; expected 60s to 1200s',
    ]);
    expect(await warnings(`${emulated}    keepalive: 60s\n`)).toEqual([]);
    expect(await warnings(`${MINIMAL}    keepalive: 30s\n`)).toEqual([]);
  });

  it('tell sessions that start too late', async () => {
    expect(await warnings(`${emulated}    connect: { arrival: rate, rate: 1/s }\n`)).toEqual([
      "x.yaml:9:14: fleets[0].connect: 5 of 10 sessions would start after the run's duration of 5s; the last one starts at 9s",
    ]);
  });

  it('tell sessions that never start', async () => {
    const connect = 'connect: { arrival: stages, stages: [{ target: 4, over: 1s }] }';
    expect(await warnings(`${emulated}    ${connect}\n`)).toEqual([
      'x.yaml:9:14: fleets[0].connect: the stages end after 4 of 10 sessions; the others never start; end with a stage such as { target: 10, over: 10s }',
    ]);
  });

  it('tell client ids that are all the same', async () => {
    expect(await warnings(`${MINIMAL}    auth: { mode: password, clientId: me }\n`)).toEqual([
      `x.yaml:9:39: fleets[0].auth.clientId: all sessions have the same client id, so they close each other; include \${deviceName} or \${index}`,
    ]);
  });
});
