import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { Summary } from '../../src/results/summary/summary.ts';
import { type RunningCli, startCli, testFolder } from '../e2e/cli.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';
import { type RedisServer, startRedis } from './redis.ts';

/** Everything that a run on agents needs, on this machine: a Redis, a broker, agents, a folder. */
export interface AgentsBed {
  readonly redis: RedisServer;
  readonly broker: Mosquitto;
  readonly folder: string;
  /** Starts an agent, and waits until runs can find it. */
  agent(name: string, args?: readonly string[], env?: Record<string, string>): Promise<RunningCli>;
  /** Starts a run against the broker on so many agents. */
  run(scenario: string, agents: number, args?: readonly string[]): RunningCli;
  /** The same against the scenario's own target. */
  runAsIs(scenario: string, agents: number, args?: readonly string[]): RunningCli;
  /** The summary that was written. */
  summary(out?: string): Promise<Summary>;
  /** Keys of Redis besides what agents say of themselves. */
  leftovers(): Promise<string[]>;
}

/** Of polls that start a program each time. */
export const CALMLY = { interval: 250 };

/** Untuned, as the rest of the tests. */
const UNTUNED = { FLEETSTORM_TUNING: 'off' };

/** A bed of a test's own, which goes when the test ends. */
export async function agentsBed({ onTestFinished }: TestContext): Promise<AgentsBed> {
  const [redis, broker, { path: folder, remove }] = await Promise.all([
    startRedis(),
    startMosquitto(['allow_anonymous true', 'log_type notice', 'log_dest stderr']),
    testFolder(),
  ]);
  const started: RunningCli[] = [];
  onTestFinished(async () => {
    await Promise.all(started.map(killed));
    await Promise.all([redis.close(), broker.close(), remove()]);
  });
  const start = (args: readonly string[], env: Record<string, string> = {}): RunningCli => {
    const cli = startCli(args, { ...UNTUNED, ...env });
    started.push(cli);
    return cli;
  };
  const run = (scenario: string, agents: number, args: readonly string[] = []): RunningCli => {
    const out = args.includes('--out') ? [] : ['--out', join(folder, 'out')];
    const where = ['--redis', redis.url, '--agents', String(agents), '--accept-limited'];
    return start(['run', scenario, ...where, ...out, ...args]);
  };
  return {
    redis,
    broker,
    folder,
    agent: async (name, args = [], env = {}) => {
      const workers = args.includes('--workers') ? [] : ['--workers', '1'];
      const cli = start(['agent', '--redis', redis.url, '--name', name, ...workers, ...args], env);
      await cli.waitFor('waiting for shares');
      return cli;
    },
    run: (scenario, agents, args = []) =>
      run(scenario, agents, ['--set', `target.mqtt=mqtt://127.0.0.1:${broker.port}`, ...args]),
    runAsIs: run,
    summary: async (out = join(folder, 'out')) => JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')),
    leftovers: async () => (await redis.keys()).filter((key) => !/^fleetstorm:(agents$|agent:)/.test(key)),
  };
}

/** Ends a program that may be stopped, or have ended. */
async function killed({ child, ended }: RunningCli): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
