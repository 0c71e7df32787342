import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../../src/results/summary/summary.ts';
import { CALMLY } from '../agents-bed.ts';
import { startMosquitto } from '../mosquitto.ts';
import { makeNetwork, type Network, type Place, placeAt, type RunBed, withAgents } from '../network-bed.ts';
import { PacketCapture, type WitnessedConnection } from '../packet-capture.ts';

/*
 * A run on four agents, each in a network namespace with addresses of its own. Needs root, iproute2, Debian's redis-server and mosquitto, and
 * tcpdump; without them it fails, it does not skip.
 */

const SESSIONS = 8_000;
const SCENARIO = `
version: 1
name: network
seed: 11
duration: 18s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 6000, connectTimeout: 20s, connect: { arrival: poisson, rate: 750/s } }
  - { name: gates, productKey: a1Gates, devices: 2000, connectTimeout: 20s, connect: { arrival: ramp, over: 8s } }
`;

let network: Network;
beforeAll(async () => {
  network = await makeNetwork(4);
});
afterAll(async () => {
  await network?.remove();
});

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
    await withAgents(network, { places: [0, 1, 2, 3], text: SCENARIO }, async (bed, agents, scenario) => {
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
      const zeros = NAMES.map((name, index) => zeroOf(seen, placeAt(network, index), attempts, name));
      expect(Math.max(...zeros) - Math.min(...zeros)).toBeLessThan(20_000);

      await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
      for (const { child } of agents) child.kill('SIGTERM');
      for (const agent of agents) expect((await agent.ended).code).toBe(0);
      expect(await bed.redis.keys()).toEqual([]);
    });
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
