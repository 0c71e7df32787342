import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptBatch } from '../../dist/fleet/attempts/attempt-batch.js';
import { ATTEMPT_NUMBERS } from '../../dist/fleet/attempts/attempt-batch.js';
import type { Host } from '../../dist/host/host.js';
import { NO_TUNING } from '../../dist/host/machine/tuning.js';
import { ProcessHost } from '../../dist/host/processes/process-host.js';
import type { RunTarget } from '../../dist/host/run-target.js';
import { ThreadHost } from '../../dist/host/threads/thread-host.js';
import type { RunObserver } from '../../dist/run/observer.js';
import { runScenario } from '../../dist/run/run.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { startCli, testFolder } from '../e2e/cli.ts';
import { EmulatorHereHost } from '../fixtures/one-thread/one-thread-host.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept } from '../fixtures/servers/scripts.ts';

const STORM = `
version: 1
name: spread
seed: 11
duration: 3s
client: lean
target: { emulator: { profile: "2017" } }
fleets:
  - { name: meters, productKey: a1Meters, devices: 101, connect: { arrival: poisson, rate: 200/s }, duplicates: { fraction: 10%, copies: 2 } }
  - { name: gates, productKey: a1Gates, devices: 40, connect: { arrival: ramp, over: 500ms }, reconnect: { base: 100ms, jitter: full } }
events:
  - { after: { fleet: gates, online: 100%, wait: 300ms }, drop: { fleet: gates, fraction: 50%, by: reset } }
`;

async function checked(text: string) {
  const check = await loadScenario({ path: 'inline.yaml', text }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  return check.scenario;
}

const OPTIONS = { env: {}, tuning: NO_TUNING };

/** Plays it with three workers, and gives the planned instants of first attempts by fleet, device and copy. */
async function planPlayedOn(host: Host, target: RunTarget) {
  const planned = new Map<string, number>();
  const observer: RunObserver = { attempts: (batch) => addPlanned(planned, batch) };
  const settings = { host, target, workers: 3, observers: [observer], acceptsLimited: true };
  const { summary } = await runScenario(await checked(STORM), settings);
  return { summary, planned: [...planned].sort(([a], [b]) => a.localeCompare(b)) };
}

function addPlanned(planned: Map<string, number>, { rows, numbers, devices }: AttemptBatch): void {
  for (let row = 0; row < rows; row++) {
    const at = (name: (typeof ATTEMPT_NUMBERS)[number]): number =>
      numbers[row * ATTEMPT_NUMBERS.length + ATTEMPT_NUMBERS.indexOf(name)] ?? Number.NaN;
    if (at('attempt') === 1) planned.set(`${at('fleet')} ${devices[row]} ${at('copy')}`, at('plannedUs'));
  }
}

describe('workers in processes of their own', () => {
  /** In this thread: the workers are what has processes here. */
  let target: RunTarget;
  beforeAll(async () => {
    target = await new EmulatorHereHost().openTarget(await checked(STORM), []);
  });
  afterAll(() => target.close());

  it('play the same plan as threads of one process, attempt by attempt, and count exactly', async () => {
    const one = await planPlayedOn(new ThreadHost(OPTIONS), target);
    const two = await planPlayedOn(new ProcessHost({ ...OPTIONS, processes: 2 }), target);
    expect(two.planned.length).toBe(151);
    expect(two.planned).toEqual(one.planned);
    expect(two.summary.workers.map(({ host, sessions }) => [host, sessions])).toEqual([
      ['process 1', one.summary.workers[0]?.sessions],
      ['process 2', one.summary.workers[1]?.sessions],
      ['process 1', one.summary.workers[2]?.sessions],
    ]);
    expect(two.summary.crossChecks.filter(({ tool, emulator }) => tool !== emulator)).toEqual([]);
    expect(two.summary.events?.[0]).toMatchObject({ asked: 20, met: 20 });
    expect(two.summary.total.outcomes.map(({ outcome }) => outcome)).toEqual(['accepted']);
    expect(childrenOf(process.pid)).toEqual([]);
  });

  it('count as lost when their process is killed, and the others go on', async () => {
    const killer: RunObserver = {
      interval: ({ interval }) => {
        if (interval === 0) process.kill(Number(childrenOf(process.pid)[1]), 'SIGKILL');
      },
    };
    const host = new ProcessHost({ ...OPTIONS, processes: 2 });
    const text = STORM.replace('duration: 3s', 'duration: 4s').replace(/events:[\s\S]*/, '');
    const settings = { host, target, workers: 2, observers: [killer], acceptsLimited: true };
    const { summary } = await runScenario(await checked(text), settings);
    expect(summary.exitCode).toBe(98);
    expect(summary.workers.map(({ state }) => state)).toEqual(['finished', 'died']);
    expect(summary.workers[1]?.error).toBe('its process ended (signal SIGKILL)');
    expect(summary.workers[1]?.lostSessions).toBe(summary.workers[1]?.sessions);
    expect(childrenOf(process.pid)).toEqual([]);
  });

  it('end their sessions in order, and then themselves, when the coordinator is killed', async () => {
    const server = await ScriptedServer.start(accept);
    const scenario = {
      version: 1,
      name: 'killed',
      duration: '10m',
      fleets: [],
      target: { mqtt: `mqtt://127.0.0.1:${server.port}` },
    };
    const fleet = { name: 'm', devices: 6, auth: { mode: 'password' }, connect: { arrival: 'burst' } };
    const text = JSON.stringify({ ...scenario, fleets: [fleet] });
    const folder = await testFolder();
    const file = join(folder.path, 'killed.yaml');
    await writeFile(file, text);
    const run = startCli(['run', file, '--processes', '2', '--workers', '2', '--out', join(folder.path, 'out')], {
      FLEETSTORM_TUNING: 'off',
    });
    await expect.poll(() => server.connections.filter(({ packets }) => packets.length > 0).length).toBe(7);
    const children = childrenOf(run.child.pid);
    expect(children).toHaveLength(2);
    run.child.kill('SIGKILL');
    await expect
      .poll(() => server.connections.filter(({ packets }) => packets.at(-1)?.cmd === 'disconnect').length)
      .toBe(7);
    await expect.poll(() => children.filter(isAlive)).toEqual([]);
    await server.stop();
    await folder.remove();
  });
});

/** Processes that run workers for this one, in the order of their start. */
function childrenOf(pid: number | undefined): string[] {
  const listed = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return listed.split('\n').flatMap((line) => {
    const [child = '', parent, ...args] = line.trim().split(/\s+/);
    return parent === String(pid) && args.join(' ').includes('host-process.js') ? [child] : [];
  });
}

function isAlive(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}
