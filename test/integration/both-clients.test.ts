import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MQTT_CLIENTS, type MqttClientName } from '../../src/link/port.ts';
import type { Summary } from '../../src/results/summary/summary.ts';
import { playScenario } from '../fixtures/played-scenario.ts';

/** Everything of a run that is a count and does not hang on how fast a machine is. */
interface Counts {
  readonly started: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly ended: Readonly<Record<string, number>>;
  readonly kicks: number | undefined;
  readonly authCodes: unknown;
}

type CountsByFleet = Readonly<Record<string, Counts>>;

/** What the run is to have come to; its duration is there for what hangs. */
type Until = Readonly<Record<string, number>>;

/** Plays a shipped scenario, scaled down, with each client; both must count the same. */
async function playWithBoth(name: string, until: Until, ...settings: string[]): Promise<CountsByFleet> {
  const [mqttjs, lean] = await Promise.all([
    play(name, 'mqttjs', until, settings),
    play(name, 'lean', until, settings),
  ]);
  expect(lean).toEqual(mqttjs);
  return lean;
}

async function play(
  name: string,
  client: MqttClientName,
  until: Until,
  settings: readonly string[],
): Promise<CountsByFleet> {
  const path = fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const scaled = [...settings, ...patient(text), `client=${client}`, 'thresholds=[]', 'duration=2m'];
  const summary = await playScenario(text, { settings: scaled, path, until });
  expect(summary.generator?.client).toBe(client);
  expect(summary.verdict.verdict).not.toBe('degraded');
  for (const check of summary.crossChecks) expect(check).toMatchObject({ tool: check.emulator, rule: 'equal' });
  return Object.fromEntries(summary.fleets.map((fleet) => [fleet.name, countsOf(fleet)]));
}

/** No fleet gives up because a machine is slow. */
function patient(text: string): string[] {
  const { fleets } = parse(text) as { fleets: { name: string }[] };
  return fleets.map(({ name }) => `fleets.${name}.connectTimeout=60s`);
}

function countsOf({ attempts, outcomes, ended, kicks, authCodes }: Summary['fleets'][number]): Counts {
  return {
    started: attempts.started,
    outcomes: Object.fromEntries(outcomes.map(({ outcome, count }) => [outcome, count])),
    ended,
    kicks: kicks?.kicks,
    authCodes,
  };
}

describe.concurrent('both clients count the same', () => {
  it('knows both', () => {
    expect(MQTT_CLIENTS).toEqual(['mqttjs', 'lean']);
  });

  it('direct logins', async () => {
    const { meters } = await playWithBoth(
      'quickstart',
      { accepted: 50 },
      ...['fleets.meters.devices=50', 'fleets.meters.connect.over=1s'],
    );
    expect(meters).toMatchObject({ started: 50, outcomes: { accepted: 50 }, ended: { stopped: 50 } });
  });

  it('logins by signature and by token, over TCP and TLS, refused ones among them', async () => {
    const fleets = ['sensors', 'gateways', 'meters', 'tags'];
    const { sensors, gateways, meters, tags } = await playWithBoth(
      'mixed-auth',
      { attempts: 80 },
      ...fleets.flatMap((name) => [
        `fleets.${name}.devices=20`,
        `fleets.${name}.connect.over=1s`,
        `fleets.${name}.reconnect={ first: { fixed: 1h } }`,
      ]),
    );
    expect(sensors?.outcomes).toEqual({ accepted: 17, 'refused-4': 2, 'refused-5': 1 });
    expect(gateways?.outcomes).toEqual({ accepted: 20 });
    expect(meters?.outcomes).toEqual({ accepted: 17, 'auth-401': 2, 'auth-5001': 1 });
    expect(tags).toMatchObject({ outcomes: { accepted: 20 }, ended: { stopped: 20 } });
  });

  it('refusals', async () => {
    const { meters, hasty } = await playWithBoth(
      'refusals',
      { attempts: 60 },
      'fleets.meters.devices=40',
      // None comes again before the last has come.
      ...['meters', 'hasty'].map((name) => `fleets.${name}.reconnect={ first: { fixed: 1h } }`),
    );
    expect(meters?.outcomes).toEqual({ accepted: 34, 'refused-4': 4, 'refused-5': 2 });
    expect(hasty?.outcomes).toEqual({ 'refused-2': 20 });
  });

  it('a kick loop', async () => {
    // Each of the two copies comes back twice and then no more: the fifth kick of a device is its last, long before the end.
    const fleets = ['for-ever', 'calms-down'];
    const counts = await playWithBoth(
      'kick-loop',
      { accepted: 60, kicked: 20 },
      ...fleets.flatMap((name) => [
        `fleets.${name}.devices=20`,
        `fleets.${name}.reconnect={ growth: fixed, base: 500ms, jitter: none, resetAfter: 1h, maxAttempts: 2 }`,
      ]),
    );
    for (const name of fleets) {
      expect(counts[name]).toMatchObject({ kicks: 10, outcomes: { accepted: 30 }, ended: { kicked: 10, stopped: 20 } });
    }
  });

  it('a storm against a limit', async () => {
    // All come after 8 s: ten get in and 15 are refused. The limit is over 4 s after that, and 4 s before those come again.
    const { meters } = await playWithBoth(
      'reconnect-storm',
      { accepted: 50 },
      ...['fleets.meters.devices=25', 'fleets.meters.connect.over=500ms'],
      ...['events.0.limit={ rate: 0.01/s, burst: 10, refuse: 3, for: 12s }', 'fleets.meters.reconnect.base=8s'],
      ...[0, 1].map((event) => `events.${event}.after.wait=500ms`),
    );
    expect(meters).toMatchObject({ started: 65, outcomes: { accepted: 50, 'refused-3': 15 } });
    expect(meters?.ended).toEqual({ dropped: 25, stopped: 25 });
  });

  it('a storm that only the keepalive notices', async () => {
    const { meters } = await playWithBoth(
      'half-open',
      { accepted: 30 },
      ...['fleets.meters.devices=20', 'fleets.meters.connect.over=500ms', 'fleets.meters.keepalive=2s'],
      ...['events.0.after.wait=0s'],
    );
    expect(meters).toMatchObject({ outcomes: { accepted: 30 }, ended: { 'keepalive-timeout': 10, stopped: 20 } });
  });

  it('restarts of the service', async () => {
    const { meters } = await playWithBoth(
      'rolling-restart',
      { accepted: 80 },
      ...['fleets.meters.devices=20', 'fleets.meters.connect.over=500ms'],
      // Down for a tenth of the time after which they come again, and online for as long before the next.
      'fleets.meters.reconnect={ growth: fixed, base: 3s }',
      ...[0, 6, 12].flatMap((sec, nth) => [
        `events.${nth}.after.wait=${sec}s`,
        `events.${nth}.restart-target.down=300ms`,
      ]),
    );
    expect(meters).toMatchObject({ outcomes: { accepted: 80 }, ended: { reset: 60, stopped: 20 } });
  });
});
