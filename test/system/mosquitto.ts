import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mosquitto of a test's own, on a port of its own. */
export interface Mosquitto {
  readonly port: number;
  readonly pid: number;
  /** Logins that it has accepted, where its configuration has it log them: `log_type notice`. */
  logins(): number;
  /** Settles once there are so many. */
  untilLogins(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts Debian's mosquitto with lines of configuration beside the listener. */
export async function startMosquitto(
  lines: readonly string[] = ['allow_anonymous true'],
  host = '127.0.0.1',
): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'));
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  await writeFile(
    config,
    [`listener ${port} ${host}`, 'persistence false', 'max_connections -1', ...lines, ''].join('\n'),
  );
  const child = spawn('/usr/sbin/mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  const logins = (): number => words.split('New client connected').length - 1;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  try {
    await listening(host, port, child, () => words);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    port,
    pid: child.pid ?? -1,
    logins,
    untilLogins: async (count) => {
      while (logins() < count) await once(child.stderr, 'data');
    },
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * A port that nobody uses now: mosquitto cannot choose one itself. It is none of those that the system gives to connections (32,768 and up on
 * Linux), of which a test beside may open thousands before a server listens here.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

async function listening(host: string, port: number, child: ChildProcess, words: () => string): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (Date.now() < endMs && child.exitCode === null) {
    if (await accepts(host, port)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`mosquitto did not listen on ${port}: ${words()}`);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
