import { type ChildProcess, spawn } from 'node:child_process';
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
    logins: () => words.split('New client connected').length - 1,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** A port that nobody listens on now. mosquitto cannot choose one itself. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
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
