import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { argv, cwd, execPath, stdout, version } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Summary, summarySchema } from '../../src/metrics/results.ts';
import { startMosquitto } from '../system/mosquitto.ts';

/**
 * `npm run bench [SESSIONS]`: what a login costs this tool, beside the least that any program could spend here. Linux only: it reads /proc.
 * Cost: CPU of the whole process until all sessions are held, net of the same run with one session; memory likewise. Each row is the
 * median of its rounds. Writes results/benchmarks/.
 */
const ROOT = cwd();
const BIN = join(ROOT, 'dist/bin.js');
const SESSIONS = Number(argv[2] ?? 10_000);
const ROUNDS = 3;
const TICK_MS = 10;
const RATES = [1_000, 5_000, 8_000];

interface Row {
  readonly what: string;
  readonly workers: number;
  readonly plannedPerSec: number;
  readonly connectsPerSec: number;
  readonly cpuUs: number;
  readonly kib: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slipP99Ms: number;
  readonly verdict: string;
}

/** What a run is started with. */
interface Load {
  readonly client: string;
  readonly target: string;
  readonly auth: string;
  readonly workers: number;
  readonly perSec: number;
}

interface Sample {
  readonly cpuMs: number;
  readonly kib: number;
  readonly summary: Summary;
}

const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-bench-'));
const machine = {
  cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  system: `${platform()} ${release()}`,
  node: version,
  mosquitto: firstLine('/usr/sbin/mosquitto', ['-h']),
};

/** One run: process CPU and memory at the moment when all sessions are held. */
async function sample(load: Load, sessions: number): Promise<Sample> {
  const overSec = Math.max(1, Math.ceil(SESSIONS / load.perSec));
  const out = join(folder, 'run');
  await rm(out, { recursive: true, force: true });
  const scenario = join(folder, 'bench.json');
  await writeFile(
    scenario,
    JSON.stringify({
      ...{ version: 1, name: 'bench', duration: `${overSec + 3}s`, workers: load.workers, client: load.client },
      target: JSON.parse(load.target),
      fleets: [
        {
          ...{ name: 'meters', productKey: 'a1Bench', devices: sessions, auth: JSON.parse(load.auth) },
          // A run with one session must last as long as one with all of them.
          connect: {
            arrival: 'ramp',
            over: `${(sessions === 1 ? 1_000 : (SESSIONS / load.perSec) * 1_000).toFixed(0)}ms`,
          },
        },
      ],
    }),
  );
  const child = spawn(execPath, [BIN, 'run', scenario, '--json', '--accept-limited', '--out', out], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let json = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    json += text;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  while ((await intervalsOf(out)) < overSec + 1 && child.exitCode === null) await wait(20);
  const usage = await usageOf(child.pid ?? 0);
  await ended;
  return { ...usage, summary: summarySchema.parse(JSON.parse(json)) };
}

async function intervalsOf(out: string): Promise<number> {
  const path = join(out, 'timeline.ndjson');
  return existsSync(path) ? (await readFile(path, 'utf8')).split('\n').length - 1 : 0;
}

async function usageOf(pid: number): Promise<{ cpuMs: number; kib: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [, rss] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, kib: Number(rss) };
}

async function measure(what: string, load: Load): Promise<Row> {
  const rows: Row[] = [];
  const idle = await sample(load, 1);
  for (let round = 0; round < ROUNDS; round++) {
    const full = await sample(load, SESSIONS);
    const { rate, latency } = full.summary.total;
    const [response, slip] = [latency['response']?.['accepted'], latency['slip']?.['accepted']];
    rows.push({
      what,
      workers: load.workers,
      plannedPerSec: load.perSec,
      connectsPerSec: Math.round(rate.acceptedPeakPerSec),
      cpuUs: round1(((full.cpuMs - idle.cpuMs) * 1_000) / SESSIONS),
      kib: round1((full.kib - idle.kib) / SESSIONS),
      p50Ms: round1((response?.p50Us ?? 0) / 1_000),
      p99Ms: round1((response?.p99Us ?? 0) / 1_000),
      slipP99Ms: round1((slip?.p99Us ?? 0) / 1_000),
      verdict: full.summary.verdict.verdict,
    });
  }
  const sorted = rows.sort((a, b) => a.cpuUs - b.cpuUs);
  const median = sorted[Math.floor(ROUNDS / 2)];
  if (median === undefined) throw new Error('no rounds');
  stdout.write(`${line(median)}\n`);
  return median;
}

/** The least that a process can spend here; undefined without a C compiler. */
async function floor(port: number): Promise<Row | undefined> {
  const program = join(folder, 'connect-limit');
  try {
    execFileSync('cc', ['-O2', '-o', program, join(ROOT, 'test/bench/connect-limit.c')]);
  } catch (error) {
    stdout.write(`no floor: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
  // Not the synchronous call: mosquitto's words must be read while it works.
  const { stdout: text } = await promisify(execFile)(program, [String(port), String(SESSIONS), '50', '16']);
  const found = JSON.parse(text) as Record<
    'connectsPerSec' | 'cpuUsPerConnect' | 'maxRssKib' | 'p50Us' | 'p99Us',
    number
  >;
  return {
    ...{ what: 'floor (C, epoll)', workers: 1, plannedPerSec: 0, connectsPerSec: found.connectsPerSec },
    ...{ cpuUs: found.cpuUsPerConnect, kib: round1(found.maxRssKib / SESSIONS) },
    ...{ p50Ms: round1(found.p50Us / 1_000), p99Ms: round1(found.p99Us / 1_000), slipP99Ms: 0, verdict: '' },
  };
}

function line(row: Row): string {
  const { what, workers, plannedPerSec, connectsPerSec, cpuUs, kib, p50Ms, p99Ms, slipP99Ms, verdict } = row;
  const planned = plannedPerSec === 0 ? 'as fast as it can' : plannedPerSec;
  return `| ${[what, workers, planned, connectsPerSec, cpuUs, kib, p50Ms, p99Ms, slipP99Ms, verdict].join(' | ')} |`;
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

function firstLine(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8' }).split('\n')[0] ?? '';
  } catch (error) {
    // `mosquitto -h` prints its version and ends with 1.
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    return said.split('\n')[0] ?? '';
  }
}

const HEAD = [
  '| what | workers | planned/s | fullest second | CPU us a login | KiB a session | response p50 ms | p99 ms | slip p99 ms | verdict |',
  '|---|---|---|---|---|---|---|---|---|---|',
];

const mosquitto = await startMosquitto(['allow_anonymous true', 'log_type error']);
try {
  stdout.write(
    `${JSON.stringify(machine, null, 2)}\n${SESSIONS} sessions, median of ${ROUNDS} rounds\n${HEAD.join('\n')}\n`,
  );
  const target = JSON.stringify({ mqtt: `mqtt://127.0.0.1:${mosquitto.port}` });
  const direct = JSON.stringify({ mode: 'direct' });
  const least = await floor(mosquitto.port);
  if (least !== undefined) stdout.write(`${line(least)}\n`);
  const rows = least === undefined ? [] : [least];
  const allWorkers = Math.max(2, cpus().length);
  for (const client of ['lean', 'mqttjs']) {
    rows.push(await measure(`${client}, mosquitto`, { client, target, auth: direct, workers: 1, perSec: 3_000 }));
    rows.push(
      await measure(`${client}, mosquitto`, { client, target, auth: direct, workers: allWorkers, perSec: 3_000 }),
    );
  }
  for (const perSec of RATES) {
    rows.push(await measure('lean, mosquitto', { client: 'lean', target, auth: direct, workers: 1, perSec }));
  }
  const emulator = JSON.stringify({ emulator: { profile: '2017' } });
  rows.push(
    await measure('lean, emulator', { client: 'lean', target: emulator, auth: direct, workers: 1, perSec: 5_000 }),
  );
  const results = join(ROOT, 'results/benchmarks');
  await mkdir(results, { recursive: true });
  await writeFile(
    join(results, 'benchmark.json'),
    `${JSON.stringify({ machine, sessions: SESSIONS, rounds: ROUNDS, rows }, null, 2)}\n`,
  );
  const facts = Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`);
  const text = [
    '# Benchmark',
    '',
    ...facts,
    `- ${SESSIONS} sessions, median of ${ROUNDS} rounds`,
    '',
    ...HEAD,
    ...rows.map(line),
    '',
  ];
  await writeFile(join(results, 'benchmark.md'), text.join('\n'));
} finally {
  await mosquitto.close();
  await rm(folder, { recursive: true });
}
