import { expect, test } from 'vitest';
import { completedShards } from '../../../src/host/machine/shard-completion.ts';
import { NO_TUNING } from '../../../src/host/machine/tuning.ts';
import { unopenedTarget } from '../../../src/host/target/open-target.ts';
import { evenSplit } from '../../../src/plan/split.ts';
import { shardPlans } from '../../../src/run/plan/shards.ts';
import { loadScenario } from '../../../src/scenario/load.ts';

const ENDPOINTS = [{ host: '192.0.2.9', port: 1883 }];

async function plans(target: string, sources: string) {
  const text = [
    ...['version: 1', 'name: x', 'duration: 5s', `target: ${target}`, `sources: ${sources}`, 'fleets:'],
    ...['  - { name: a, productKey: a1, devices: 10 }', '  - { name: b, productKey: a1, devices: 5 }'],
  ].join('\n');
  const check = await loadScenario({ path: 'x.yaml', text }, []);
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  const { scenario } = check;
  const service = { ...unopenedTarget(scenario), endpoints: ENDPOINTS };
  const shards = shardPlans(scenario, evenSplit(2), ENDPOINTS);
  return completedShards({ scenario, target: service, shards }, { env: {}, tuning: NO_TUNING });
}

test('PROXY headers name the sources, which the connections do not start from', async () => {
  const [first, second] = await plans('{ mqtt: "mqtt://192.0.2.9", proxyProtocol: v1 }', '[203.0.113.7, 203.0.113.8]');
  const sources = ['203.0.113.7', '203.0.113.8'];
  expect(first?.sources).toBeUndefined();
  const [here] = await plans('{ mqtt: "mqtt://127.0.0.1", proxyProtocol: v1 }', '[203.0.113.7]');
  expect(here?.sources).toBeUndefined();
  expect(first?.fleets.map(({ proxy }) => proxy)).toEqual([
    { version: 'v1', sources },
    { version: 'v1', sources },
  ]);
  expect(first?.fleets.map(({ devicesBefore }) => devicesBefore)).toEqual([0, 10]);
  expect(second?.fleets.map(({ proxy }) => proxy)).toEqual(first?.fleets.map(({ proxy }) => proxy));
});

test('without sources each device has an address of its own', async () => {
  const [plan] = await plans('{ mqtt: "mqtt://192.0.2.9", proxyProtocol: v2 }', 'auto');
  expect(plan?.fleets[1]?.proxy).toEqual({ version: 'v2', sources: undefined });
});

test('without proxyProtocol connections start from the sources, and there is no header', async () => {
  const [plan] = await plans('{ mqtt: "mqtt://192.0.2.9" }', '[203.0.113.7]');
  expect(plan?.sources?.addresses).toEqual(['203.0.113.7']);
  expect(plan?.fleets[0]?.proxy).toBeUndefined();
});
