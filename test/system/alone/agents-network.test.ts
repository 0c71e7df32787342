import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, type ExpectStatic, expect, it } from 'vitest';
import type { Summary } from '../../../src/results/summary/summary.ts';
import { type RunningCli, untilTimeline } from '../../e2e/cli.ts';
import { startMosquitto } from '../mosquitto.ts';
import { makeNetwork, type Network, type Place, type RunBed, runBed } from './network-bed.ts';
import { PacketCapture, type WitnessedConnection } from './packet-capture.ts';

/*
 * Runs on four agents, each in a network namespace with addresses of its own. Needs root, iproute2, Debian's redis-server and mosquitto, and
 * tcpdump; without them it fails, it does not skip.
 */

const SESSIONS = 8_000;
const SCENARIO = `
version: 1
name: network
seed: 11
duration: 30s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 6000, connectTimeout: 20s, connect: { arrival: poisson, rate: 300/s } }
  - { name: gates, productKey: a1Gates, devices: 2000, connectTimeout: 20s, connect: { arrival: ramp, over: 20s } }
`;

/** Few sessions, all online within a second. */
const SMALL = `
version: 1
name: small
seed: 11
duration: 12s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 100, connect: { arrival: ramp, over: 1s } }
`;

let network: Network;
beforeAll(async () => {
  network = await makeNetwork(5);
});
afterAll(async () => {
  await network?.remove();
});

function placeAt(index: number): Place {
  const place = network.places[index];
  if (place === undefined) throw new Error(`no place ${index}`);
  return place;
}

/** A bed with agents called `a`, `b` and so on, one in each of these places; ends what is left of it, whatever happened. */
async function withBed(
  places: readonly number[],
  act: (bed: RunBed, agents: readonly RunningCli[], scenario: string) => Promise<void>,
  options: { readonly args?: readonly string[]; readonly text?: string } = {},
): Promise<void> {
  const bed = await runBed(network);
  try {
    const scenario = join(bed.folder, 'scenario.yaml');
    await writeFile(scenario, options.text ?? SMALL);
    const running = await Promise.all(
      places.map((place, index) => bed.agent('abcd'.charAt(index), placeAt(place), options.args)),
    );
    await act(bed, running, scenario);
  } finally {
    await bed.close();
  }
}

/** A raw attempt. */
interface Attempt {
  readonly device: string;
  readonly attempt: string;
  readonly outcome: string;
  readonly agent: string | undefined;
  readonly plannedUs: number;
  readonly startedUs: number;
  readonly endedUs: number;
}

async function attemptsIn(path: string): Promise<Attempt[]> {
  const [header = '', ...rows] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const columns = header.split(',');
  const at = (cells: readonly string[], name: string): string => cells[columns.indexOf(name)] ?? '';
  return rows.map((row) => {
    const cells = row.split(',');
    return {
      device: at(cells, 'device'),
      attempt: at(cells, 'attempt'),
      outcome: at(cells, 'outcome'),
      agent: columns.includes('agent') ? at(cells, 'agent') : undefined,
      plannedUs: Number(at(cells, 'planned_us')),
      startedUs: Number(at(cells, 'started_us')),
      endedUs: Number(at(cells, 'ended_us')),
    };
  });
}

/** What was planned, whoever played it. */
function planOf(attempts: readonly Attempt[]): string[] {
  return attempts.map(({ device, attempt, plannedUs }) => `${device} ${attempt} ${plannedUs}`).sort();
}

/** Nearest rank, as the summary has it. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}

/** How far two values may be apart if one has been through a histogram: 3 significant digits, and rounding to a whole microsecond. */
function stepAt(us: number): number {
  return us / 1_000 + 1.5;
}

function expectPercentiles(summary: Summary, attempts: readonly Attempt[]): void {
  const measures = {
    response: ({ plannedUs, endedUs }: Attempt) => endedUs - plannedUs,
    service: ({ startedUs, endedUs }: Attempt) => endedUs - startedUs,
    slip: ({ plannedUs, startedUs }: Attempt) => startedUs - plannedUs,
  };
  for (const [measure, usOf] of Object.entries(measures)) {
    const values = attempts.map(usOf).sort((a, b) => a - b);
    const told = summary.total.latency[measure as keyof typeof measures]?.['accepted'];
    for (const [name, percent] of [
      ['p50Us', 50],
      ['p90Us', 90],
      ['p99Us', 99],
      ['p999Us', 99.9],
    ] as const) {
      const exact = Math.max(1, percentile(values, percent));
      expect(Math.abs((told?.[name] ?? Number.NaN) - exact), `${measure} ${name}`).toBeLessThanOrEqual(stepAt(exact));
    }
    expect(told?.count).toBe(values.length);
  }
}

/** The soonest that an agent's packets came after their planned instants: where its instant 0 lies on the clock of the capture. */
function zeroOf(
  seen: readonly WitnessedConnection[],
  place: Place,
  attempts: readonly Attempt[],
  agent: string,
): number {
  const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
  const syns = ascending(seen.filter(({ address }) => address === place.address).map(({ synUs }) => synUs));
  const planned = ascending(attempts.filter((attempt) => attempt.agent === agent).map(({ plannedUs }) => plannedUs));
  expect(syns.length).toBe(planned.length);
  return Math.min(...syns.map((us, index) => us - (planned[index] ?? Number.NaN)));
}

const NAMES = ['a', 'b', 'c', 'd'];

describe('8,000 sessions on four agents', () => {
  it('are the plan of one process, instant by instant, start together on the wire, and are merged exactly', async () => {
    await withBed(
      [0, 1, 2, 3],
      async (bed, agents, scenario) => {
        const own = playedAlone(bed, scenario);
        const file = join(bed.folder, 'attempts.csv');
        const capture = await PacketCapture.start(bed.broker.port, network.serviceDevice);
        const ended = await bed.run(scenario, 4, ['--attempts', file, '--quiet']).ended;
        const seen = await capture.stop();
        expect(ended.code, ended.stderr).toBe(0);

        const [summary, attempts] = await Promise.all([bed.summary(), attemptsIn(file)]);
        expect(summary.total.outcomes).toMatchObject([{ outcome: 'accepted', count: SESSIONS }]);
        expect(bed.broker.logins()).toBe(SESSIONS);
        expect(attempts.length).toBe(SESSIONS);
        const sessions = summary.workers.map((worker) => [worker.host, worker.sessions]);
        expect(sessions).toEqual(NAMES.map((name) => [name, SESSIONS / 4]));
        expect(planOf(attempts)).toEqual(planOf(await own));
        expectPercentiles(summary, attempts);
        const zeros = NAMES.map((name, index) => zeroOf(seen, placeAt(index), attempts, name));
        expect(Math.max(...zeros) - Math.min(...zeros)).toBeLessThan(20_000);

        await expect.poll(() => bed.leftovers()).toEqual([]);
        for (const { child } of agents) child.kill('SIGTERM');
        for (const agent of agents) expect((await agent.ended).code).toBe(0);
        expect(await bed.redis.keys()).toEqual([]);
      },
      { text: SCENARIO },
    );
  });
});

/** The attempts of the same scenario in one process of this machine, against a broker of its own, which it does not share with the agents. */
async function playedAlone(bed: RunBed, scenario: string): Promise<Attempt[]> {
  const broker = await startMosquitto();
  try {
    const file = join(bed.folder, 'alone.csv');
    const target = ['--set', `target.mqtt=mqtt://127.0.0.1:${broker.port}`, '--workers', '1', '--accept-limited'];
    const files = ['--quiet', '--attempts', file, '--out', join(bed.folder, 'alone')];
    const { code, stderr } = await bed.start(['run', scenario, ...target, ...files]).ended;
    expect(code, stderr).toBe(0);
    return await attemptsIn(file);
  } finally {
    await broker.close();
  }
}

/** Follows every command that reaches Redis; the returned function ends that and gives them. */
async function watchRedis({ redis }: RunBed, expect: ExpectStatic): Promise<() => Promise<string>> {
  const { hostname, port } = new URL(redis.url);
  const child = spawn('redis-cli', ['-h', hostname, '-p', port, 'monitor'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await expect.poll(() => text).toContain('OK');
  return async () => {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
    return text;
  };
}

describe.concurrent('what goes wrong', () => {
  it('a network cut between an agent and Redis leaves its sessions as they are, and nothing counts twice', async ({
    expect,
  }) => {
    await withBed([4, 1], async (bed, [a], scenario) => {
      const run = bed.run(scenario, 2, ['--set', 'duration=20s']);
      await run.waitFor('Running small');
      await expect.poll(() => bed.broker.logins()).toBe(100);
      await placeAt(4).linkToRedis('down');
      await a?.waitFor('Redis does not answer');
      await placeAt(4).linkToRedis('up');
      expect((await run.ended).code).toBe(0);
      const { total, hosts } = await bed.summary();
      expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
      expect(total.ended).toEqual({ stopped: 100 });
      expect(hosts?.map(({ state }) => state)).toEqual(['finished', 'finished']);
      expect(bed.broker.logins()).toBe(100);
      await expect.poll(() => bed.leftovers()).toEqual([]);
    });
  });

  it('an agent that is killed before it is ready is missed by name', async ({ expect }) => {
    await withBed([0, 1], async (bed, [a, b], scenario) => {
      // It gets its share, and is gone before it can prepare it.
      b?.child.kill('SIGSTOP');
      const run = bed.run(scenario, 2, ['--wait', '10s']);
      await Promise.race([a?.waitFor('Preparing'), run.ended]);
      b?.child.kill('SIGKILL');
      const { code, stdout, stderr } = await run.ended;
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('1 of 2 agents were ready within 10s: missing b');
      expect(bed.broker.logins()).toBe(0);
      expect(await bed.leftovers()).toEqual([]);
    });
  });

  it('an agent that is killed in the last second loses its sessions, and the run says so', async ({ expect }) => {
    await withBed([2, 3], async (bed, [, b], scenario) => {
      const run = bed.run(scenario, 2, ['--set', 'duration=6s']);
      await run.waitFor('Running small');
      await untilTimeline(join(bed.folder, 'out'), 5);
      b?.child.kill('SIGKILL');
      expect((await run.ended).code).toBe(98);
      const { verdict, hosts, total } = await bed.summary();
      expect(verdict.reasons.join('\n')).toMatch(/^b was lost .*, and 50 of its 50 sessions count as lost$/m);
      expect(hosts?.[1]).toMatchObject({ name: 'b', state: 'lost', lostSessions: 50 });
      expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
      expect(await bed.leftovers()).toEqual([]);
    });
  });

  it('a wrong key, a missing one and one on one side only are each refused in words, and nothing is sent open', async ({
    expect,
  }) => {
    const bed = await runBed(network);
    try {
      const keyOf = async (name: string): Promise<string> => {
        const path = join(bed.folder, `${name}.key`);
        await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600 });
        return path;
      };
      const [right, wrong] = [await keyOf('right'), await keyOf('wrong')];
      const devices = Array.from(
        { length: 20 },
        (_, index) => `d${index},secret-of-${index}-${randomBytes(8).toString('hex')},pk`,
      );
      await writeFile(join(bed.folder, 'devices.csv'), `DeviceName,DeviceSecret,ProductKey\n${devices.join('\n')}\n`);
      const scenario = join(bed.folder, 'scenario.yaml');
      await writeFile(
        scenario,
        SMALL.replace('productKey: a1Meters, devices: 100', 'devices: { csv: devices.csv }').replace('12s', '3s'),
      );
      await bed.agent('a', placeAt(0), ['--key-file', right]);

      const without = await bed.run(scenario, 1).ended;
      expect(without.code).toBe(3);
      expect(without.stderr).toMatch(
        /holds secrets \(the device secrets of devices\.csv\), and those are never sent open: give run and every agent the same key/,
      );
      const other = await bed.run(scenario, 1, ['--key-file', wrong]).ended;
      expect(other.code).toBe(3);
      expect(other.stderr).toContain('sealed with another key than this agent has');
      const watched = await watchRedis(bed, expect);
      const good = await bed.run(scenario, 1, ['--key-file', right, '--out', join(bed.folder, 'good')]).ended;
      const all = await watched();
      expect(good.code, good.stderr).toBe(0);
      expect(bed.broker.logins()).toBe(20);
      expect(all.length).toBeGreaterThan(1_000);
      for (const row of devices) expect(all).not.toContain(row.split(',')[1]);
      expect(await bed.leftovers()).toEqual([]);
    } finally {
      await bed.close();
    }
  });

  it('the emulator of a run is reached by agents elsewhere only if it was asked to be, by an address in its certificate', async ({
    expect,
  }) => {
    await withBed([0, 1], async (bed, _agents, scenario) => {
      const embedded = [
        '--set',
        'fleets.0.devices=20',
        '--set',
        'target={ emulator: {} }',
        '--set',
        'duration=6s',
        '--set',
        'fleets.0.auth={ mode: https-token }',
      ];
      const onLoopback = await bed.run(scenario, 2, embedded).ended;
      expect(onLoopback.code).not.toBe(0);
      expect(onLoopback.stderr).toContain('target.emulator.listen');
      const listen = ['--set', `target.emulator.listen=${network.serviceHost}`, '--out', join(bed.folder, 'open')];
      const open = await bed.run(scenario, 2, [...embedded, ...listen]).ended;
      expect(open.code, open.stderr).toBe(0);
      expect(open.stderr).toContain(
        `opens the emulator to other machines: whoever reaches ${network.serviceHost} can log in`,
      );
      const { total, crossChecks } = await bed.summary(join(bed.folder, 'open'));
      expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 20 }]);
      expect(crossChecks.filter(({ rule }) => rule === 'equal').every(({ tool, emulator }) => tool === emulator)).toBe(
        true,
      );
    });
  });
});
