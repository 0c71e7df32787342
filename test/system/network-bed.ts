import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill, pid } from 'node:process';
import { promisify } from 'node:util';
import type { Summary } from '../../src/results/summary/summary.ts';
import { type RunningCli, startCli } from '../e2e/cli.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';
import { type RedisServer, startRedis } from './redis.ts';

const run = promisify(execFile);

/** A machine of its own, as far as the network goes: a network namespace with addresses of its own on two networks. */
export interface Place {
  readonly name: string;
  /** Towards the service. */
  readonly address: string;
  /** Takes its link towards Redis down, or up again; the one towards the service stays. */
  linkToRedis(state: 'up' | 'down'): Promise<void>;
}

/** Machines on two bridges, one towards the service and one towards Redis; this machine has an address on each. */
export interface Network {
  readonly serviceHost: string;
  readonly redisHost: string;
  /** Device that all packets to and from the service pass. */
  readonly serviceDevice: string;
  readonly places: readonly Place[];
  /** Removes everything, and may be called again. */
  remove(): Promise<void>;
}

async function ip(...words: readonly string[]): Promise<void> {
  await run('ip', words);
}

/** One of the two bridges, on this machine. */
interface Bridge {
  readonly device: string;
  /** Its /24, without the last number. */
  readonly subnet: string;
  /** Name of the device that leads to it, in each place. */
  readonly inside: string;
}

/**
 * Makes so many places. Rejects where network namespaces are not permitted: what this proves is proven nowhere else, so a test without them
 * fails.
 */
export async function makeNetwork(count: number): Promise<Network> {
  const tag = pid.toString(36).slice(-5);
  const service: Bridge = { device: `fss${tag}`, subnet: `10.213.${pid % 250}`, inside: 'eth0' };
  const redis: Bridge = { device: `fsr${tag}`, subnet: `10.214.${pid % 250}`, inside: 'eth1' };
  const names = Array.from({ length: count }, (_, index) => `fs${tag}-${index + 1}`);
  const remove = async (): Promise<void> => {
    for (const name of names) {
      await endProcessesIn(name);
      // Its devices go with it.
      await ip('netns', 'del', name).catch(() => undefined);
    }
    for (const { device } of [service, redis]) await ip('link', 'del', device).catch(() => undefined);
  };
  await remove();
  try {
    await makePlaces(names, [service, redis]);
  } catch (error) {
    await remove();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`this test needs network namespaces (root, and iproute2): ${why}`, { cause: error });
  }
  const places = names.map((name, index): Place => {
    const linkToRedis = (state: 'up' | 'down'): Promise<void> => ip('link', 'set', outerOf(name, redis), state);
    return { name, address: addressIn(service, index), linkToRedis };
  });
  const [serviceHost, redisHost] = [`${service.subnet}.1`, `${redis.subnet}.1`];
  return { serviceHost, redisHost, serviceDevice: service.device, places, remove };
}

/** A namespace stays, with its devices, as long as a process of a test that failed is in it. */
async function endProcessesIn(name: string): Promise<void> {
  const { stdout } = await run('ip', ['netns', 'pids', name]).catch(() => ({ stdout: '' }));
  for (const found of stdout.split('\n').filter((line) => line !== '')) {
    try {
      kill(Number(found), 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
}

async function makePlaces(names: readonly string[], bridges: readonly Bridge[]): Promise<void> {
  for (const { device, subnet } of bridges) {
    await ip('link', 'add', device, 'type', 'bridge');
    await ip('addr', 'add', `${subnet}.1/24`, 'dev', device);
    await ip('link', 'set', device, 'up');
  }
  for (const [index, name] of names.entries()) {
    await ip('netns', 'add', name);
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    for (const bridge of bridges) {
      const outer = outerOf(name, bridge);
      await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', bridge.inside, 'netns', name);
      await ip('link', 'set', outer, 'master', bridge.device, 'up');
      await ip('-n', name, 'addr', 'add', `${addressIn(bridge, index)}/24`, 'dev', bridge.inside);
      await ip('-n', name, 'link', 'set', bridge.inside, 'up');
    }
  }
}

/** This machine's end of a place's link; names of devices have at most 15 characters. */
function outerOf(name: string, { inside }: Bridge): string {
  return `${name}-${inside.slice(-1)}`;
}

function addressIn({ subnet }: Bridge, index: number): string {
  return `${subnet}.${index + 11}`;
}

/** A Redis and a broker on this machine's address of a network, and a folder: what one run on agents needs. */
export interface RunBed {
  readonly redis: RedisServer;
  readonly broker: Mosquitto;
  readonly folder: string;
  /** Starts an agent in a place, and waits until runs can find it. */
  agent(name: string, place: Place, args?: readonly string[], env?: Record<string, string>): Promise<RunningCli>;
  /** Starts a run on so many agents from here. */
  run(scenario: string, agents: number, args?: readonly string[], env?: Record<string, string>): RunningCli;
  /** Starts any other command here. */
  start(args: readonly string[], env?: Record<string, string>): RunningCli;
  summary(out?: string): Promise<Summary>;
  /** Keys of Redis besides what agents say of themselves. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** Untuned, as the rest of the tests. */
const UNTUNED = { FLEETSTORM_TUNING: 'off' };

export async function runBed({ serviceHost: here, redisHost }: Network): Promise<RunBed> {
  const [redis, broker, folder] = await Promise.all([
    startRedis([], redisHost),
    startMosquitto(['allow_anonymous true', 'log_type notice', 'log_dest stderr'], here),
    mkdtemp(join(tmpdir(), 'fleetstorm-network-')),
  ]);
  const started: RunningCli[] = [];
  const kept = (cli: RunningCli): RunningCli => {
    started.push(cli);
    return cli;
  };
  const start = (args: readonly string[], env: Record<string, string> = {}): RunningCli =>
    kept(startCli(args, { ...UNTUNED, ...env }));
  return {
    redis,
    broker,
    folder,
    start,
    agent: async (name, place, args = [], env = {}) => {
      const words = ['agent', '--redis', redis.url, '--name', name, '--workers', '1', '--allow-remote', here, ...args];
      const within = ['ip', 'netns', 'exec', place.name];
      const cli = kept(startCli(words, { ...UNTUNED, ...env }, { within }));
      await cli.waitFor('waiting for shares');
      return cli;
    },
    run: (scenario, agents, args = [], env = {}) => {
      const onAgents = ['--redis', redis.url, '--agents', String(agents), '--allow-remote', here];
      const target = ['--set', `target.mqtt=mqtt://${here}:${broker.port}`, '--accept-limited'];
      const out = args.includes('--out') ? [] : ['--out', join(folder, 'out')];
      return start(['run', scenario, ...onAgents, ...target, ...out, ...args], env);
    },
    summary: async (out = join(folder, 'out')) => JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')),
    leftovers: async () => (await redis.keys()).filter((key) => !/^fleetstorm:(agents$|agent:)/.test(key)),
    close: async () => {
      for (const { child, ended } of started) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
        await ended;
      }
      await Promise.all([redis.close(), broker.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** One of the places of a network. */
export function placeAt({ places }: Network, index: number): Place {
  const place = places[index];
  if (place === undefined) throw new Error(`no place ${index}`);
  return place;
}

/** What a run on agents is given. */
export interface WithAgents {
  /** Numbers of the places, each of which gets an agent; these are called `a`, `b` and so on. */
  readonly places: readonly number[];
  /** Of the scenario. */
  readonly text: string;
}

/** Makes a bed with agents; ends what is left of it, whatever happened. */
export async function withAgents(
  network: Network,
  { places, text }: WithAgents,
  act: (bed: RunBed, agents: readonly RunningCli[], scenario: string) => Promise<void>,
): Promise<void> {
  const bed = await runBed(network);
  try {
    const scenario = join(bed.folder, 'scenario.yaml');
    await writeFile(scenario, text);
    const agents = await Promise.all(
      places.map((place, index) => bed.agent('abcd'.charAt(index), placeAt(network, place))),
    );
    await act(bed, agents, scenario);
  } finally {
    await bed.close();
  }
}
