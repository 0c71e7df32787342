import { argv, cpuUsage, memoryUsage, stdout } from 'node:process';
import { benchMachine } from './machine.ts';
import { type MergeLoad, MergeRun } from './merge-run.ts';

/**
 * `npm run bench:merge [-- AGENTS SESSIONS INTERVALS]`: what the coordinator of many agents spends on their snapshots, and what it holds.
 * Prints a table for results/README.md. Nothing is sent anywhere: snapshots are those that a worker's own recorder makes.
 */
const AGENTS = Number(argv[2] ?? 200);
const SESSIONS = Number(argv[3] ?? 10_000_000);
const INTERVALS = Number(argv[4] ?? 3_600);

interface MergeRow {
  readonly load: MergeLoad;
  readonly cpuMs: number;
  /** Microseconds of CPU per snapshot. */
  readonly perSnapshotUs: number;
  /** Of the dearest interval, in milliseconds. */
  readonly dearestMs: number;
  readonly heapMiB: number;
  readonly rssMiB: number;
}

const HEAD = [
  'agents',
  'workers',
  'sessions',
  'intervals',
  'snapshots',
  'CPU s',
  'CPU us per snapshot',
  'cores',
  'dearest interval ms',
  'heap MiB',
  'RSS MiB',
];

stdout.write(`${JSON.stringify(benchMachine(), null, 2)}\n| ${HEAD.join(' | ')} |\n|${'---|'.repeat(HEAD.length)}\n`);
// The compiler's work is not the coordinator's.
measured({ agents: 10, workersEach: 1, sessions: 10_000, intervals: 200 });
for (const load of loads()) stdout.write(`${rowText(measured(load))}\n`);

/** The load asked for, and others that show how its cost grows. */
function loads(): MergeLoad[] {
  const asked = { agents: AGENTS, workersEach: 1, sessions: SESSIONS, intervals: INTERVALS };
  const short = Math.max(10, Math.round(INTERVALS / 10));
  return [
    asked,
    { ...asked, agents: Math.ceil(AGENTS / 4), intervals: short },
    { ...asked, agents: Math.ceil(AGENTS / 2), intervals: short },
    { ...asked, intervals: short },
    { ...asked, workersEach: 4, intervals: short },
  ];
}

function measured(load: MergeLoad): MergeRow {
  globalThis.gc?.();
  const run = new MergeRun(load);
  let [cpuUs, dearestUs, heap, rss] = [0, 0, 0, 0];
  for (let interval = 0; interval < load.intervals; interval++) {
    const snapshots = run.snapshotsOf(interval);
    const before = cpuUsage();
    for (const snapshot of snapshots) run.take(snapshot);
    const { user, system } = cpuUsage(before);
    cpuUs += user + system;
    dearestUs = Math.max(dearestUs, user + system);
    const memory = memoryUsage();
    heap = Math.max(heap, memory.heapUsed + memory.arrayBuffers);
    rss = Math.max(rss, memory.rss);
  }
  const taken = load.agents * load.workersEach * load.intervals;
  run.check();
  return {
    load,
    cpuMs: cpuUs / 1_000,
    perSnapshotUs: cpuUs / taken,
    dearestMs: dearestUs / 1_000,
    heapMiB: heap / 2 ** 20,
    rssMiB: rss / 2 ** 20,
  };
}

function rowText({ load, cpuMs, perSnapshotUs, dearestMs, heapMiB, rssMiB }: MergeRow): string {
  const { agents, workersEach, sessions, intervals } = load;
  const snapshots = agents * workersEach * intervals;
  const counts = [agents, agents * workersEach, sessions, intervals, snapshots].map((count) =>
    count.toLocaleString('en-US'),
  );
  const figures = [cpuMs / 1_000, perSnapshotUs, cpuMs / 1_000 / intervals, dearestMs, heapMiB, rssMiB];
  return `| ${[...counts, ...figures.map((figure) => Number(figure.toPrecision(3)).toLocaleString('en-US'))].join(' | ')} |`;
}
