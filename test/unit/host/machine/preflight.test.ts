import { describe, expect, test } from 'vitest';
import type { MachineLimits } from '../../../../src/host/machine/machine-limits.ts';
import { portChurn, preflight } from '../../../../src/host/machine/preflight.ts';
import { sourceAddresses, sourcePlan } from '../../../../src/host/machine/source-plan.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';
import { planFigures } from '../../../../src/scenario/plan-figures.ts';

const AMPLE: MachineLimits = {
  cores: 4,
  descriptors: 1_000_000,
  localPorts: 28_232,
  availableBytes: 64 * 2 ** 30,
  listenBacklog: 4_096,
};

async function checked(
  devices: number,
  machine: Partial<MachineLimits>,
  settings: readonly string[] = [],
  processes = 1,
) {
  const text = `{version: 1, name: x, duration: 100s, target: {mqtt: "mqtt://10.0.0.1:1883"}, fleets: [{name: a, productKey: pk, devices: ${devices}, connect: {arrival: ramp, over: 100s}}]}`;
  const check = await loadScenario({ path: 'x.yaml', text }, settings);
  if (!check.ok) expect.fail(JSON.stringify(check.faults));
  const { target } = check.scenario;
  const targetHosts = target.kind === 'emulator' ? ['127.0.0.1'] : target.addresses.map(({ host }) => host);
  const run = { workers: 2, processes, targetHosts };
  return preflight(check.scenario, planFigures(check.scenario), { ...AMPLE, ...machine }, run);
}

describe('preflight', () => {
  test('has nothing to say where there is enough of everything', async () => {
    expect(await checked(20_000, {})).toEqual({ refusals: [], hints: [] });
  });

  test('shows the arithmetic of descriptors to the last one', async () => {
    expect((await checked(904, { descriptors: 1_000 })).refusals).toEqual([]);
    expect((await checked(905, { descriptors: 1_000 })).refusals).toEqual([
      'descriptors: 905 sessions + 64 files + 16 x 2 for threads = 1,001, and the process may open 1,000, which all its threads share. Raise it with `ulimit -n 1001`, spread the run over processes with `--processes auto`, or run fewer devices.',
    ]);
  });

  test('counts descriptors of the fullest process, and those of the one emulator', async () => {
    expect((await checked(1_840, { descriptors: 1_000 }, [], 2)).refusals).toEqual([]);
    expect((await checked(1_841, { descriptors: 1_000 }, [], 2)).refusals).toEqual([
      'descriptors: 921 sessions + 64 files + 16 x 1 for threads = 1,001, and each of 2 processes may open 1,000. Raise it with `ulimit -n 1001`, take more processes with `--processes auto`, or run fewer devices.',
    ]);
    const emulated = ['target={emulator: {}}'];
    expect((await checked(936, { descriptors: 1_000 }, emulated, 2)).refusals).toEqual([]);
    expect((await checked(937, { descriptors: 1_000 }, emulated, 2)).refusals).toEqual([
      'descriptors of the emulator: 937 sessions + 64 files = 1,001, and its one process may open 1,000. Raise it with `ulimit -n 1001`, run fewer devices, or aim at a real service.',
    ]);
  });

  test('counts ports per source', async () => {
    const two = ['sources=["10.0.0.2", "10.0.0.3"]'];
    expect((await checked(1_001, { localPorts: 1_000 })).refusals).toEqual([
      'ports: 1,001 sessions from 1 source address x 1,000 ports = 1,000. Give `sources` 2 addresses, or widen net.ipv4.ip_local_port_range.',
    ]);
    expect((await checked(2_000, { localPorts: 1_000 }, two)).refusals).toEqual([]);
    expect((await checked(2_001, { localPorts: 1_000 }, two)).refusals).toHaveLength(1);
  });

  test('counts a port once for each address of the target', async () => {
    const two = ['target.mqtt=["mqtt://10.0.0.1", "mqtt://10.0.0.2"]'];
    expect((await checked(2_000, { localPorts: 1_000 }, two)).refusals).toEqual([]);
    expect((await checked(2_001, { localPorts: 1_000 }, two)).refusals).toEqual([
      'ports: 2,001 sessions / 2 addresses of the target = 1,001 to each, from 1 source address x 1,000 ports = 1,000. Give `sources` 2 addresses, or widen net.ipv4.ip_local_port_range.',
    ]);
  });

  test('says what becomes of ports when devices leave addresses that fail', async () => {
    const two = ['target.mqtt=["mqtt://10.0.0.1", "mqtt://10.0.0.2"]', 'target.spread=next-on-failure'];
    expect((await checked(1_000, { localPorts: 1_000 }, two)).hints).toEqual([]);
    expect(await checked(1_001, { localPorts: 1_000 }, two)).toEqual({
      refusals: [],
      hints: [
        'if all 1,001 sessions come to be at one address of the target, as `spread: next-on-failure` allows, ports run out: 1 source address x 1,000 ports = 1,000',
      ],
    });
  });

  test('counts memory by client', async () => {
    const machine = { availableBytes: 2 ** 28 };
    expect((await checked(10_000, machine)).refusals).toEqual([
      'memory: 10,000 sessions x 20 KiB + 128 MiB = 324 MiB, and 256 MiB are available. To go on, use `client: lean`, or run fewer devices or more machines.',
    ]);
    expect((await checked(10_000, machine, ['client=lean'])).refusals).toEqual([]);
  });

  test('knows nothing where the system says nothing', async () => {
    const unknown = { descriptors: undefined, localPorts: undefined, availableBytes: undefined };
    expect((await checked(100_000, unknown)).refusals).toEqual([]);
  });
});

describe('sources', () => {
  test('auto spreads over loopback addresses, and only for loopback targets', () => {
    expect(sourceAddresses('auto', 1_000, ['10.0.0.1'])).toBeUndefined();
    expect(sourceAddresses('auto', 1_000, ['127.0.0.1'])).toHaveLength(16);
    expect(sourceAddresses('auto', 1_000, ['10.0.0.1', '127.0.0.1'])).toHaveLength(16);
    const many = sourceAddresses('auto', 2_000_000, ['127.0.0.1']) ?? [];
    expect(many).toHaveLength(400);
    expect(new Set(many).size).toBe(400);
    expect(many.slice(0, 2)).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(many[250]).toBe('127.0.1.1');
  });

  test('the ports of the workers are the range, each once', () => {
    const plans = [0, 1, 2].map((worker) =>
      sourcePlan(['127.0.0.1'], { turn: worker, of: 3 }, { first: 100, last: 110 }),
    );
    const ports = plans.flatMap((plan) => {
      const all: number[] = [];
      if (plan !== undefined) for (let port = plan.firstPort; port <= plan.lastPort; port += plan.step) all.push(port);
      return all;
    });
    expect(ports.sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, index) => 100 + index));
  });
});

describe('ports that rest after each session', () => {
  async function churn(machine: Partial<MachineLimits>, settings: readonly string[] = []) {
    const text =
      '{version: 1, name: x, duration: 9s, target: {mqtt: "mqtt://10.0.0.1:1883"}, fleets: [{name: a, productKey: pk, devices: 9}]}';
    const check = await loadScenario({ path: 'x.yaml', text }, settings);
    if (!check.ok) expect.fail(JSON.stringify(check.faults));
    return portChurn(check.scenario, { ...AMPLE, reusesRestingPorts: false, ...machine });
  }

  test('bound the logins per second of a source to each address of another machine', async () => {
    expect(await churn({})).toEqual({
      perSec: 470,
      words: '1 source address x 28,232 ports = 28,232, each of which rests for 60 s after its session',
    });
    expect((await churn({}, ['sources=["10.0.0.2", "10.0.0.3"]']))?.perSec).toBe(941);
    expect((await churn({}, ['target.mqtt=[mqtt://10.0.0.1, mqtt://10.0.0.2]']))?.perSec).toBe(941);
  });

  test('bound nothing where the system reuses them, or does not say, or on this machine', async () => {
    expect(await churn({ reusesRestingPorts: true })).toBeUndefined();
    expect(await churn({ reusesRestingPorts: undefined })).toBeUndefined();
    expect(await churn({}, ['target.mqtt=mqtt://127.0.0.1'])).toBeUndefined();
    expect(await churn({}, ['target={emulator: {}}'])).toBeUndefined();
  });
});
