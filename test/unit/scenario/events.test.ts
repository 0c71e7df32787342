import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../../src/scenario/effective.ts';
import { eventTimeWords } from '../../../src/scenario/event.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { formatFault } from '../../../src/scenario/text/fault.ts';

const STORMS = readFileSync(new URL('../../fixtures/scenarios/storms.yaml', import.meta.url), 'utf8');

/** A scenario of two fleets with these events, the first of them on line 10. */
function withEvents(...events: string[]): string {
  return `version: 1
name: x
duration: 1m
target: { emulator: { profile: "2017" } }
fleets:
  - { name: meters, productKey: a1, devices: 100 }
  - { name: meters-eu, productKey: a1, devices: 50 }
events:
  # at 10 s
${events.map((event) => `  - { at: 10s, ${event} }\n`).join('')}`;
}

function withFleet(keys: string): string {
  return withEvents('drop: {}').replace('devices: 100', `devices: 100, ${keys}`);
}

async function check(text: string, settings: string[] = []) {
  return await loadScenario({ path: 'x.yaml', text }, settings);
}

async function load(text: string): Promise<Scenario> {
  const checked = await check(text);
  if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'));
  return checked.scenario;
}

async function faults(text: string, settings: string[] = []): Promise<string[]> {
  const checked = await check(text, settings);
  return checked.ok ? [] : checked.faults.map(formatFault);
}

describe('events', () => {
  it('of every kind are read', async () => {
    const { events } = await load(STORMS);
    expect(events.map(({ label }) => label)).toEqual([
      'drop 335 of 335 sessions by reset',
      'drop 57 of 114 sessions of named by fin',
      'drop 3 of 100 sessions of full by blackhole',
      'drop 97 of 335 sessions by silence',
      'restart the target, down for 5s',
      'refuse all logins with CONNACK 5',
      'refuse 7% of logins of changed with CONNACK 3, for 1.5s',
      'admit 30/m, burst 1, others get CONNACK 3',
      'admit 500/s of named, burst 20, others get CONNACK 2, for 10s',
      'admit 30/m, burst 1, others wait, only 15/m once one has waited 1.5s',
      'delay CONNACK by 200ms',
      'delay CONNACK by 0s to 100ms, for 5s',
      'delay CONNACK by 1s on average, normal with sd 100ms',
      'delay CONNACK by 50ms in the median, lognormal with sigma 0.5',
      'delay CONNACK by 20ms on average, exponential',
      'the auth service gives no answers, for 2s',
      'the auth service fails all logins with code 500',
      'the auth service fails 10% of logins of tokens with code 6200',
      'the auth service fails all logins with HTTP status 503, for 2s',
      'all tokens expire',
      'drop 57 of 114 sessions of named by reset',
      'refuse all logins with CONNACK 3, for 2s',
      'restart the target, down for 1s',
    ]);
    expect(events[6]).toEqual({
      id: 6,
      kind: 'refuse',
      atUs: 12_000_000,
      forUs: 1_500_000,
      label: expect.any(String),
      misbehaviour: {
        kind: 'refuse',
        code: 3,
        fraction: 0.07,
        devices: [{ productKey: 'a1Meters', namePrefix: 'changed-' }],
      },
    });
  });

  it('that wait for a state are read', async () => {
    const { events } = await load(STORMS);
    expect(events.slice(-3).map(({ after }) => after)).toEqual([
      { online: { ratio: 1 }, sessions: 335, fleet: undefined, waitUs: 0, words: 'all 335 sessions are online' },
      {
        online: { ratio: 0.999 },
        sessions: 100,
        fleet: 'full',
        waitUs: 1_500_000,
        words: 'all 100 sessions of full are online',
      },
      { online: { count: 7 }, sessions: 7, fleet: undefined, waitUs: 0, words: '7 of 335 sessions are online' },
    ]);
    expect(events.slice(-2).map(eventTimeWords)).toEqual([
      '1.5s after all 100 sessions of full are online',
      'once 7 of 335 sessions are online',
    ]);
  });

  it.each([
    [
      'at: 1s, after: { online: 100% }',
      'x.yaml:10:5: events[0]: wrong value: found a mapping of keys, expected either at or after',
    ],
    ['', 'x.yaml:10:5: events[0]: wrong value: found a mapping of keys, expected either at or after'],
    ['after: {}', 'x.yaml:10:7: events[0].after.online: missing'],
    ['after: { online: 0% }', 'events[0].after.online: wrong value: found "0%", expected a percentage above 0%'],
    ['after: { online: 0 }', 'events[0].after.online: wrong value: found 0, expected a percentage above 0%'],
    [
      'after: { online: 151 }',
      'events[0].after.online: 151 sessions cannot be online, as there are only 150; expected at most 150, or 100%',
    ],
    [
      'after: { online: 51, fleet: meters-eu }',
      'x.yaml:10:24: events[0].after.online: 51 sessions cannot be online, as there are only 50; expected at most 50, or 100%',
    ],
    ['after: { online: 100%, fleet: metres }', 'events[0].after.fleet: no fleet is called "metres"'],
    ['after: { onlin: 100% }', 'events[0].after.onlin: unknown key; did you mean "online"?'],
  ])('with a time that is none: %s', async (time, expected) => {
    const text = withEvents('drop: {}').replace(/at: 10s(, )/, time === '' ? '' : `${time}$1`);
    const found = await faults(text);
    expect(found.join('\n')).toContain(expected);
  });

  it('may be given a time in place of a state by --set, and the other way round', async () => {
    const time = async (...settings: string[]) => {
      const checked = await check(withEvents('drop: {}'), settings);
      if (!checked.ok) throw new Error(checked.faults.map(formatFault).join('\n'));
      const { atUs, after } = checked.scenario.events[0] ?? {};
      return atUs ?? after?.words;
    };
    expect(await time('events.0.after.online=10')).toBe('10 of 150 sessions are online');
    expect(await time('events.0.after.online=10', 'events.0.at=3s')).toBe(3_000_000);
  });

  it('policies, copies and events of every kind come back from the effective file', async () => {
    const scenario = await load(STORMS);
    expect(await load(effectiveYaml(scenario))).toEqual(scenario);
  });

  it.each([
    [
      'drop: { fraction: 101% }',
      'x.yaml:10:34: events[0].drop.fraction: wrong value: found "101%", expected a percentage',
    ],
    ['drop: { by: rst }', 'x.yaml:10:28: events[0].drop.by: wrong value: found "rst", expected one of reset, fin'],
    [
      'drop: { fleet: metres }',
      'x.yaml:10:31: events[0].drop.fleet: no fleet is called "metres"; expected one of meters, meters-eu; did you mean "meters"?',
    ],
    ['drp: {}', 'x.yaml:10:16: events[0].drp: unknown key'],
    ['drop: {}, refuse: { code: 3 }', 'events[0]'],
    [
      'refuse: { code: 0 }',
      'x.yaml:10:32: events[0].refuse.code: wrong value: found 0, expected a CONNACK code of 1 to 5',
    ],
    ['limit: { rate: 500 }', 'x.yaml:10:31: events[0].limit.rate: wrong value: found 500'],
    ['limit: { rate: 5/s, refuse: 3, wait: true }', 'expected refuse or wait, not both'],
    ['limit: { rate: 5/s, collapse: { wait: 1s, rate: 1/s } }', 'expected collapse only with wait: true'],
    ['limit: { rate: 5/s, wait: true, collapse: { wait: 1s } }', 'events[0].limit.collapse.rate: missing'],
    [
      'limit: { rate: 5/s, fleet: meters }',
      'x.yaml:10:43: events[0].limit.fleet: the emulator cannot tell the devices of meters from others: the names of meters-eu have the same prefix',
    ],
    ['fail-auth: { code: 500, httpStatus: 503 }', 'expected code or httpStatus, not both'],
    ['delay: { fixed: 1h1m }', 'events[0].delay.fixed: wrong value'],
    ['restart-target: {}', 'events[0].restart-target.down: missing'],
    ['stall-auth: { until: 5s }', 'events[0].stall-auth.until: unknown key'],
  ])('with a fault: %s', async (event, expected) => {
    const found = await faults(withEvents(event));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('need the emulator, all but drop', async () => {
    const text = withEvents('drop: {}', 'refuse: { code: 3 }', 'restart-target: { down: 1s }');
    expect(await faults(text, ['target={mqtt: "mqtt://127.0.0.1"}'])).toEqual([
      'x.yaml:11:5: events[1]: refuse needs the emulator, but the target is mqtt://127.0.0.1:1883; expected target.emulator, or only drop events',
      'x.yaml:12:5: events[2]: restart-target needs the emulator, but the target is mqtt://127.0.0.1:1883; expected target.emulator, or only drop events',
    ]);
  });

  it('that do nothing are warned of', async () => {
    const text = withEvents('drop: { fraction: 0 }', 'restart-target: { down: 50s }');
    const { warnings } = await check(
      `${text}  - { at: 60s, drop: {} }\n  - { after: { online: 100%, wait: 1m }, drop: {} }\n`,
    );
    expect(warnings.map(formatFault)).toEqual([
      'x.yaml:10:22: events[0].drop: this comes to 0 sessions, so nothing is lost',
      'x.yaml:11:32: events[1].restart-target: the target does not come back before the run of 1m ends',
      'x.yaml:12:11: events[2].at: the run of 1m ends before it happens',
      'x.yaml:13:36: events[3].after.wait: the run of 1m ends before it happens',
    ]);
  });
});

describe('reconnect', () => {
  it.each([
    ['{ preset: paho-jva }', 'did you mean "paho-java"?'],
    ['{ growth: cubic }', 'expected one of fixed, linear, exponential, quadratic, decorrelated'],
    ['{ base: 0s }', 'fleets[0].reconnect.base: wrong value'],
    ['{ factor: 0.5 }', 'expected a number from 1 to 100'],
    ['{ jitter: some }', 'expected none, full, equal, additive'],
    ['{ jitter: { percent: 101 } }', 'a number from 0 to 100'],
    ['{ first: 5s }', 'expected none, { fixed: 1s } or { uniform: 20s }'],
    ['{ resetAfter: never }', 'expected connack, or a time online of up to 1d such as 20s'],
    ['{ onRefusal: { x: stop } }', 'fleets[0].reconnect.onRefusal'],
    ['{ maxAttempts: -1 }', 'expected a whole number from 0 to 1,000,000'],
    ['{ jiter: full }', 'did you mean "jitter"?'],
    ['linksdk', 'expected a policy, such as { preset: paho-python }'],
  ])('with a fault: %s', async (value, expected) => {
    const found = await faults(withFleet(`reconnect: ${value}`));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('x.yaml:6:');
    expect(found[0]).toContain(expected);
  });

  it('puts keys over a preset, and says so', async () => {
    const { fleets } = await load(withFleet('reconnect: { preset: aws-ios, cap: 9s }'));
    expect(fleets[0]?.reconnect).toMatchObject({
      name: 'aws-ios, changed',
      policy: { capUs: 9_000_000, resetAfterUs: 20_000_000, growth: 'exponential' },
    });
  });

  it('takes answers by CONNACK code, whatever the key’s type', async () => {
    const { fleets } = await load(withFleet('reconnect: { onRefusal: { 3: retry, "4": stop } }'));
    expect(fleets[0]?.reconnect.policy.onRefusal).toEqual({ otherwise: 'retry', byCode: { 3: 'retry', 4: 'stop' } });
  });
});

describe('duplicates', () => {
  it('are exact numbers', async () => {
    const { fleets } = await load(withFleet('duplicates: { fraction: 29%, copies: 3, start: { later: 10s } }'));
    expect(fleets[0]?.duplicates).toEqual({ deviceCount: 29, copies: 3, laterUs: 10_000_000 });
  });

  it.each([
    ['{ copies: 2 }', 'fleets[0].duplicates.fraction: missing'],
    ['{ fraction: 5, copies: 1 }', 'expected a whole number from 2 to 100'],
    ['{ fraction: 5, start: later }', 'expected together or { later: 10s }'],
  ])('with a fault: %s', async (value, expected) => {
    const found = await faults(withFleet(`duplicates: ${value}`));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('of nobody are warned of', async () => {
    const { warnings } = await check(withFleet('duplicates: { fraction: 0.5% }'));
    expect(warnings.map(formatFault)).toEqual([
      'x.yaml:6:63: fleets[0].duplicates: this comes to 0 of 100 devices, so nothing runs twice',
    ]);
  });
});
