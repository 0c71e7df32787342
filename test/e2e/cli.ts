import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Printed } from './printed.ts';

/** The built program, as a user starts it. */
export const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Added to the environment of every program. */
export const NO_COLOURS = { NO_COLOR: '1', FORCE_COLOR: '0' };

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way: its output so far, and its end. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** What it has printed so far, on stdout and stderr. */
  output(): string;
  /** Settles when stdout and stderr together hold the text; rejects when the program ends without it. */
  waitFor(text: string | RegExp): Promise<void>;
}

/** How a program is started. */
interface StartOptions {
  /** In a process group of its own, as shells, `timeout` and CI runners start it. */
  readonly ownGroup?: boolean;
  /** A command that becomes the program given after it: `ip netns exec NAME`. */
  readonly within?: readonly string[];
}

/**
 * Starts the program. Its environment is the test's without colours, and `env` on top.
 */
export function startCli(
  args: readonly string[],
  env: Record<string, string> = {},
  { ownGroup = false, within = [] }: StartOptions = {},
): RunningCli {
  const [program = process.execPath, ...rest] = [...within, process.execPath, BIN, ...args];
  const child = spawn(program, rest, {
    cwd: ROOT,
    env: { ...process.env, ...NO_COLOURS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
  });
  const printed = new Printed();
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed.add('stdout', text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => printed.add('stderr', text));
  const ended = new Promise<CliResult>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout: printed.stdout, stderr: printed.stderr }));
  });
  return { child, ended, waitFor: (text) => printed.waitFor(text, ended), output: () => printed.all };
}

/** Runs the program to its end. */
export function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  return startCli(args, env).ended;
}

/** A folder of a test's own, removed by `remove`. */
export async function testFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'fleetstorm-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** All files below a folder, by name. */
export async function filesOf(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

/** Settles when the timeline in a result folder has so many whole lines. */
export async function untilTimeline(folder: string, lines: number): Promise<void> {
  const path = join(folder, 'timeline.ndjson');
  for (;;) {
    const text = existsSync(path) ? await readFile(path, 'utf8') : '';
    if (text.split('\n').length > lines) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Settles when a whole line of the timeline in a result folder says that so many sessions are online. */
export async function untilOnline(folder: string, sessions: number): Promise<void> {
  for (let lines = 1; ; lines++) {
    await untilTimeline(folder, lines);
    const text = await readFile(join(folder, 'timeline.ndjson'), 'utf8');
    const { total } = JSON.parse(text.split('\n')[lines - 1] ?? '') as { total: { online: number } };
    if (total.online === sessions) return;
  }
}
