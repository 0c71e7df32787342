import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './mosquitto.ts';

const run = promisify(execFile);

/** A Redis of a test's own, on a port of its own. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Runs a command and gives the lines of its answer. */
  ask(...command: readonly string[]): Promise<string[]>;
  /** Names of all keys, in order. */
  keys(): Promise<string[]>;
  /** Ends it as it is, and leaves its port to nobody. */
  stop(): Promise<void>;
  /** Starts it again on its port, with nothing of what it held. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Debian's redis-server, which keeps everything in memory. `host`: where it listens. */
export async function startRedis(args: readonly string[] = [], host = '127.0.0.1'): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const ask = async (...command: readonly string[]): Promise<string[]> => {
    const { stdout } = await run('redis-cli', ['-h', host, '-p', String(port), ...command]);
    return stdout.split('\n').filter((line) => line !== '');
  };
  const start = async (): Promise<void> => {
    const where = ['--port', String(port), '--bind', host, '--dir', folder];
    const lasting = ['--save', '', '--appendonly', 'no', '--protected-mode', 'no'];
    child = spawn('redis-server', [...where, ...lasting, ...args], { stdio: 'ignore' });
    await answering(child, () => ask('ping'));
  };
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    port,
    url: `redis://${host}:${port}`,
    get pid() {
      return child?.pid ?? -1;
    },
    ask,
    keys: async () => (await ask('--scan')).sort(),
    stop,
    start,
    close: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function answering(child: ChildProcess, ping: () => Promise<string[]>): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (Date.now() < endMs && child.exitCode === null) {
    // An answer that refuses (NOAUTH) is one, too.
    const answer = await ping().catch(() => []);
    if (answer.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('redis-server did not answer');
}
