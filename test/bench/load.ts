import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cwd, execPath } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { childrenOf, type Usage, usageOf } from './usage.ts';

const BIN = join(cwd(), 'dist/bin.js');
/** Seconds for which all sessions are held before the run ends. */
const HOLD_SEC = 3;

/** What a run is started with. */
export interface Load {
  readonly client: 'lean' | 'mqttjs';
  /** As scenario files have them. */
  readonly target: object;
  readonly auth: object;
  readonly transport?: 'tcp' | 'tls';
  readonly workers: number;
  readonly perSec: number;
  readonly sessions: number;
  /** Whether it has a live page with a viewer. */
  readonly hasDashboard?: boolean;
}

/** One run: what its process, and the emulator's where there is one, had used when all sessions were held. */
export interface Sample {
  readonly tool: Usage;
  readonly emulator: Usage | undefined;
  readonly summary: Summary;
}

/**
 * Plays a load of which `arriving` sessions ever come: all of them, or next to none to know what the same run costs without them, its
 * warm-up included, which is as large as the sessions that are planned ask for.
 */
export async function playLoad(load: Load, arriving: number, nodeFlags: readonly string[] = []): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-bench-'));
  try {
    const overMs = Math.round((load.sessions / load.perSec) * 1_000);
    const heldSec = Math.ceil(overMs / 1_000) + 1;
    const scenario = join(folder, 'bench.json');
    await writeFile(scenario, JSON.stringify(scenarioOf(load, arriving, overMs, heldSec + HOLD_SEC - 1)));
    const out = join(folder, 'run');
    const args = ['run', scenario, '--json', '--accept-limited', '--out', out];
    const child = spawn(
      execPath,
      [...nodeFlags, BIN, ...args, ...(load.hasDashboard === true ? ['--dashboard', '0'] : [])],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    if (load.hasDashboard === true) lookAtDashboard(child.stderr);
    // Warnings about such a plan are expected; the output of a failed run matters.
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    let json = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      json += text;
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    while (intervalsOf(out) < heldSec && child.exitCode === null) await wait(20);
    const pid = child.pid ?? 0;
    const [emulator] = childrenOf(pid);
    const used = { tool: usageOf(pid), emulator: emulator === undefined ? undefined : usageOf(emulator) };
    await ended;
    if (json === '') throw new Error(`a run failed with ${child.exitCode}: ${words}`);
    return { ...used, summary: summarySchema.parse(JSON.parse(json)) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function scenarioOf(
  { target, workers, client, auth, transport, sessions }: Load,
  arriving: number,
  overMs: number,
  sec: number,
): object {
  return {
    version: 1,
    name: 'bench',
    duration: `${sec}s`,
    workers,
    client,
    target,
    fleets: [
      {
        name: 'meters',
        productKey: 'a1Bench',
        devices: sessions,
        auth,
        connectTimeout: '10s',
        ...(transport === undefined ? {} : { transport }),
        connect:
          arriving === sessions
            ? { arrival: 'ramp', over: `${overMs}ms` }
            : { arrival: 'stages', stages: [{ target: arriving, over: '100ms' }] },
      },
    ],
  };
}

function intervalsOf(out: string): number {
  const path = join(out, 'timeline.ndjson');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

/** Follows the page's events, as a browser does that shows it. */
function lookAtDashboard(stderr: NodeJS.ReadableStream): void {
  let words = '';
  stderr.on('data', (piece: string) => {
    const before = words;
    words += piece;
    const [, url] = /Dashboard: (http:\S+)/.exec(words) ?? [];
    if (url === undefined || before.includes(url)) return;
    get(new URL('events', url), (events) => events.resume()).on('error', isOver);
  });
}

function isOver(): void {
  // The page's stream ends with the run, one way or the other.
}

/** The profiles that a run with `--cpu-prof` has left in a folder, one per thread. */
export async function profilesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).map((name) => join(folder, name));
}
