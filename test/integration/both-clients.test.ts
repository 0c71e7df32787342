import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MQTT_CLIENTS, type MqttClientName } from '../../src/link/port.ts';
import type { Summary } from '../../src/metrics/results.ts';
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

/** Plays a shipped scenario, scaled down, with each client; both must count the same. */
async function playWithBoth(name: string, ...settings: string[]): Promise<CountsByFleet> {
  const [mqttjs, lean] = [await play(name, 'mqttjs', settings), await play(name, 'lean', settings)];
  expect(lean).toEqual(mqttjs);
  return lean;
}

async function play(name: string, client: MqttClientName, settings: readonly string[]): Promise<CountsByFleet> {
  const path = fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
  const scaled = [...settings, `client=${client}`, 'thresholds=[]'];
  const summary = await playScenario(readFileSync(path, 'utf8'), { settings: scaled, path });
  expect(summary.generator?.client).toBe(client);
  expect(summary.verdict.verdict).not.toBe('degraded');
  for (const check of summary.crossChecks) expect(check).toMatchObject({ tool: check.emulator, rule: 'equal' });
  return Object.fromEntries(summary.fleets.map((fleet) => [fleet.name, countsOf(fleet)]));
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

describe('both clients count the same', { timeout: 90_000 }, () => {
  it('knows both', () => {
    expect(MQTT_CLIENTS).toEqual(['mqttjs', 'lean']);
  });

  it('direct logins', async () => {
    const { meters } = await playWithBoth(
      'quickstart',
      ...['fleets.meters.devices=100', 'fleets.meters.connect.over=1s', 'duration=2s'],
    );
    expect(meters).toMatchObject({ started: 100, outcomes: { accepted: 100 }, ended: { stopped: 100 } });
  });

  it('logins by signature and by token, over TCP and TLS, refused ones among them', async () => {
    const fleets = ['sensors', 'gateways', 'meters', 'tags'];
    const { sensors, gateways, meters, tags } = await playWithBoth(
      'mixed-auth',
      ...fleets.flatMap((name) => [`fleets.${name}.devices=40`, `fleets.${name}.connect.over=1500ms`]),
      'duration=3s',
    );
    expect(sensors?.outcomes).toEqual({ accepted: 34, 'refused-4': 4, 'refused-5': 2 });
    expect(gateways?.outcomes).toEqual({ accepted: 40 });
    expect(meters?.outcomes).toEqual({ accepted: 34, 'auth-401': 4, 'auth-5001': 2 });
    expect(tags).toMatchObject({ outcomes: { accepted: 40 }, ended: { stopped: 40 } });
  });

  it('refusals', async () => {
    const { meters, hasty } = await playWithBoth(
      'refusals',
      // The first of them would come again just when the run ends.
      ...['meters', 'hasty'].map((name) => `fleets.${name}.reconnect={ first: { fixed: 1h } }`),
    );
    expect(meters?.outcomes).toEqual({ accepted: 170, 'refused-4': 20, 'refused-5': 10 });
    expect(hasty?.outcomes).toEqual({ 'refused-2': 20 });
  });

  it('a kick loop', async () => {
    // Without jitter a kick comes every second; the end lies between the tenths of a second at which devices arrive.
    const fleets = ['for-ever', 'calms-down'];
    const counts = await playWithBoth(
      'kick-loop',
      ...fleets.flatMap((name) => [
        `fleets.${name}.devices=20`,
        `fleets.${name}.reconnect={ growth: fixed, base: 1s, jitter: none }`,
      ]),
      'duration=5550ms',
    );
    for (const name of fleets) {
      const { kicks = 0, ended } = counts[name] ?? expect.fail(`no fleet ${name}`);
      expect(kicks).toBeGreaterThanOrEqual(6);
      expect(ended).toEqual({ kicked: kicks, stopped: 20 });
    }
  });

  it('a storm against a limit', async () => {
    // Ten get in with each wave, the others are refused: 25 = 10 + 10 + 5, after 15 + 5 refusals.
    const { meters } = await playWithBoth(
      'reconnect-storm',
      ...['fleets.meters.devices=25', 'fleets.meters.connect.over=500ms', 'duration=5500ms'],
      ...['events.0.at=1s', 'events.0.limit.rate=11/s', 'events.0.limit.burst=10', 'events.1.at=1s'],
    );
    expect(meters).toMatchObject({ started: 70, outcomes: { accepted: 50, 'refused-3': 20 } });
    expect(meters?.ended).toEqual({ dropped: 25, stopped: 25 });
  });

  it('a storm that only the keepalive notices', async () => {
    const { meters } = await playWithBoth(
      'half-open',
      ...['fleets.meters.devices=20', 'fleets.meters.connect.over=500ms', 'fleets.meters.keepalive=2s'],
      ...['events.0.at=1s', 'duration=7s'],
    );
    expect(meters).toMatchObject({ outcomes: { accepted: 30 }, ended: { 'keepalive-timeout': 10, stopped: 20 } });
  });

  it('restarts of the service', async () => {
    const { meters } = await playWithBoth(
      'rolling-restart',
      ...['fleets.meters.devices=40', 'fleets.meters.connect.over=500ms', 'duration=7s'],
      ...[1, 3, 5].flatMap((sec, nth) => [`events.${nth}.at=${sec}s`, `events.${nth}.restart-target.down=300ms`]),
    );
    expect(meters).toMatchObject({ outcomes: { accepted: 160 }, ended: { reset: 120, stopped: 40 } });
  });
});
