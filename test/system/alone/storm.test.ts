import { afterAll, beforeAll, describe, it } from 'vitest';
import { outcomesOf, playScenario, recoveryOf } from '../../fixtures/played-scenario.ts';
import { type Mosquitto, startMosquitto } from '../mosquitto.ts';

/** One for each test: devices of the same names, side by side at one, would kick each other. Up before any run looks at what it leaves behind. */
let brokers: Mosquitto[] = [];
beforeAll(async () => {
  brokers = await Promise.all(Array.from({ length: 3 }, () => startMosquitto()));
});
afterAll(() => Promise.all(brokers.map((broker) => broker.close())));

let taken = 0;
/** One that no test has. */
function broker(): number {
  const free = brokers[taken];
  taken += 1;
  if (free === undefined) throw new Error('start another one in beforeAll');
  return free.port;
}

const at = (port: number): string => `{ mqtt: "mqtt://127.0.0.1:${port}" }`;
const AUTH = `{ mode: password, clientId: "\${deviceName}", username: "\${deviceName}", password: x }`;

/* Side by side: each has next to nothing to do. */
describe('mosquitto', () => {
  it.concurrent.for(['together', '{ later: 700ms }'])(
    'kicks copies by client id, and the tool tells it: %s',
    async (start, { expect }) => {
      const summary = await playScenario(
        `
version: 1
name: broker-kicks
seed: 4
duration: 90s
target: ${at(broker())}
workers: 2
fleets:
  - name: meters
    productKey: a1
    devices: 30
    auth: ${AUTH}
    connect: { arrival: ramp, over: 500ms }
    reconnect: { growth: exponential, base: 300ms, jitter: full }
    duplicates: { fraction: 10, copies: 2, start: ${start} }
`,
        { onThreads: true, until: { kicked: 101 } },
      );
      const accepted = outcomesOf(summary, 'accepted');
      const kicked = summary.total.ended['kicked'] ?? 0;
      // One session a device is left; every other login was ended by a newer one, and by nothing else.
      expect(summary.total.ended).toEqual({ kicked: accepted - 30, stopped: 30 });
      expect(kicked).toBeGreaterThan(100);
      expect(summary.fleets[0]?.kicks).toMatchObject({ kicks: kicked, devicesInLoop: 10 });
      expect(summary.disturbances).toEqual([]);
    },
  );

  it.concurrent('a restart that nobody planned is noticed, and recovered from', async ({ expect }) => {
    const doomed = await startMosquitto(['allow_anonymous true', 'log_type notice']);
    const run = playScenario(
      `
version: 1
name: killed
seed: 4
duration: 120s
target: { mqtt: "mqtt://127.0.0.1:${doomed.port}" }
fleets:
  - { name: meters, productKey: a1, devices: 200, auth: ${AUTH}, connect: { arrival: ramp, over: 1s }, reconnect: { growth: fixed, base: 1s } }
`,
      { onThreads: true, until: { 'closed-by-server': 200, 'tcp-refused': 1 } },
    );
    await expect.poll(() => doomed.logins()).toBe(200);
    await doomed.close();
    const summary = await run;
    const { kind, total } = summary.disturbances?.[0] ?? {};
    expect([summary.disturbances?.length, kind, total?.lost, total?.neverRecovered]).toEqual([1, 'noticed', 200, 200]);
  });
});

/** 5,000 sessions online, dropped at once by RST; they come back with full jitter of a second and doubling, and then it ends. */
function fiveThousand(target: string, auth: string): string {
  return `
version: 1
name: five-thousand
seed: 1
duration: 90s
target: ${target}
client: lean
fleets:
  - name: meters
    productKey: a1Meters
    devices: 5000
    ${auth}
    connect: { arrival: ramp, over: 5s }
    reconnect: { preset: full-jitter }
events:
  - { after: { online: 100% }, drop: { fraction: 100%, by: reset } }
`;
}

/* Side by side: most of their time is the plan's. */
describe.concurrent('5,000 sessions lost at once are all back', () => {
  it.for(['mosquitto', 'the emulator'])('at %s', async (which, { expect }) => {
    const isBroker = which === 'mosquitto';
    const summary = await playScenario(
      isBroker ? fiveThousand(at(broker()), `auth: ${AUTH}`) : fiveThousand('{ emulator: { profile: "2017" } }', ''),
      { onThreads: true, until: { accepted: 10_000 } },
    );
    const recovery = recoveryOf(summary);
    expect(recovery).toMatchObject({ lost: 5_000, recovered: 5_000, neverRecovered: 0, lostBy: { dropped: 5_000 } });
    expect(recovery.t100Sec).toBeLessThan(30);
    expect(summary.total.online.last).toBe(5_000);
    expect(summary.disturbances).toHaveLength(1);
  });
});
