import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cwd, stdout } from 'node:process';
import { promisify } from 'node:util';
import { type Row, round1 } from './row.ts';

const [AT_ONCE, SOURCES] = ['50', '16'];

/** The least that a process can spend here to log sessions in, by a program in C; undefined where there is no compiler. */
export async function floorRow(port: number, sessions: number): Promise<Row | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-floor-'));
  const program = join(folder, 'connect-limit');
  try {
    if (!compiles(program)) return undefined;
    // Not the synchronous call: mosquitto's words must be read while it works.
    const { stdout: text } = await promisify(execFile)(program, [String(port), String(sessions), AT_ONCE, SOURCES]);
    const found: unknown = JSON.parse(text);
    return {
      ...{ what: 'floor (C, epoll)', workers: 1, sessions, plannedPerSec: 0 },
      connectsPerSec: numberIn(found, 'connectsPerSec'),
      cpuUs: numberIn(found, 'cpuUsPerConnect'),
      kib: round1(numberIn(found, 'maxRssKib') / sessions),
      p50Ms: round1(numberIn(found, 'p50Us') / 1_000),
      p99Ms: round1(numberIn(found, 'p99Us') / 1_000),
      ...{ emulatorUs: 0, slipP99Ms: 0, verdict: '' },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function compiles(program: string): boolean {
  try {
    execFileSync('cc', ['-O2', '-o', program, join(cwd(), 'test/bench/connect-limit.c')]);
    return true;
  } catch (error) {
    stdout.write(`no floor: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

function numberIn(found: unknown, key: string): number {
  const value = typeof found === 'object' && found !== null ? Object.entries(found).find(([name]) => name === key) : [];
  return Number(value?.[1]);
}
