import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MQTT_CLIENTS } from '../../src/link/port.ts';
import { checked, playScenario, recoveryOf } from '../fixtures/played-scenario.ts';

const PATH = fileURLToPath(new URL('../../scenarios/busy-on-connect.yaml', import.meta.url));
const SCALED = [
  'fleets.meters.devices=50',
  'fleets.meters.connect.over=500ms',
  'events.0.after={ online: 100% }',
  'duration=2m',
];

function play(client: string, until: Readonly<Record<string, number>>, ...settings: string[]) {
  const all = [...SCALED, 'thresholds=[]', `client=${client}`, ...settings];
  return playScenario(readFileSync(PATH, 'utf8'), { settings: all, path: PATH, until, onThreads: client === 'mqttjs' });
}

describe.concurrent.each(MQTT_CLIENTS)('devices that subscribe and publish on connect: %s', (client) => {
  it('do so after the first login and after the one that follows a loss', async () => {
    // 100 logins, each with two filters, one message of QoS 1 and one of QoS 0.
    const messages = { subscribed: 200, refused: 0, published: 200, acknowledged: 100 };
    const summary = await play(client, messages);
    expect(recoveryOf(summary)).toMatchObject({ lost: 50, recovered: 50 });
    expect(summary.total.messages).toEqual(messages);
    expect(summary.fleets[0]?.messages).toEqual(messages);
    for (const name of ['subscribed', 'subscriptions refused', 'published']) {
      const check = checked(summary, name);
      expect(check).toMatchObject({ tool: check?.emulator, rule: 'info' });
    }
    expect(summary.verdict.verdict).not.toBe('degraded');
  });

  it('are told of the filters that the service refuses', async () => {
    const messages = { subscribed: 50, refused: 50, published: 100, acknowledged: 50 };
    const summary = await play(client, messages, 'target.emulator.maxSubscriptions=1', 'events=[]');
    expect(summary.total.messages).toEqual(messages);
    expect(checked(summary, 'subscriptions refused')).toMatchObject({ tool: 50, emulator: 50 });
  });
});

it.concurrent('devices that send nothing leave no trace of it', async () => {
  const summary = await play('lean', { accepted: 50 }, 'fleets.meters.onConnect={}', 'events=[]');
  expect(summary.total).not.toHaveProperty('messages');
  expect(checked(summary, 'published')).toBeUndefined();
});
