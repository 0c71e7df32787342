import type { BenchMachine } from './machine.ts';
import type { Row } from './row.ts';
import type { TimeShare } from './time-spent.ts';

/** What a benchmark found, as `results/benchmarks/benchmark.json` has it. */
export interface BenchResult {
  readonly command: string;
  readonly machine: BenchMachine;
  readonly rounds: number;
  readonly rows: readonly Row[];
  /** Rows that could not be measured, and why. */
  readonly errors: readonly string[];
  readonly timeSpent: Readonly<Record<string, readonly TimeShare[]>>;
}

const COLUMNS = [
  ...[
    'what',
    'workers',
    'sessions',
    'planned/s',
    'busiest second',
    'CPU us per login',
    'least to most',
    'times the floor',
  ],
  ...['KiB per session', 'emulator us per login', 'response p50 ms', 'p99 ms', 'slip p99 ms', 'verdict'],
];

/** Head of the table of rows. */
export const HEAD: readonly string[] = [`| ${COLUMNS.join(' | ')} |`, `|${'---|'.repeat(COLUMNS.length)}`];

/** A row of the table. */
export function rowText(row: Row): string {
  const { what, workers, sessions, connectsPerSec, cpuUs, cpuSpreadUs, kib, p50Ms, p99Ms, slipP99Ms, verdict } = row;
  const planned = row.plannedPerSec === 0 ? 'as fast as it can' : row.plannedPerSec;
  const emulator = row.emulatorUs === 0 ? '' : row.emulatorUs;
  const cells = [
    ...[what, workers, sessions, planned, connectsPerSec, cpuUs, cpuSpreadUs.join(' to '), row.timesFloor ?? ''],
    ...[kib, emulator, p50Ms, p99Ms, slipP99Ms, verdict],
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The whole as Markdown. */
export function benchText({ command, machine, rounds, rows, errors, timeSpent }: BenchResult): string {
  const facts = Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`);
  const spent = Object.entries(timeSpent).flatMap(([what, shares]) => [
    ...['', `## Where a worker's time goes: ${what}`, '', '| part | share |', '|---|---|'],
    ...shares.map(({ where, percent }) => `| ${where} | ${percent}% |`),
  ]);
  return [
    ...['# Benchmark', '', `\`${command}\``, '', ...facts, `- each figure is the median of ${rounds} runs`, ''],
    'CPU and memory are those of the whole process, all threads, when all sessions are held, less those of the same run of which one session per worker comes:',
    'what a start costs, the warm-up of the workers included, is not in them; what it costs V8 to compile and collect during the run is. The floor is a program in C',
    'that only logs in: as many sessions at the same pace; under TLS, as many full handshakes (twice as many for a token over HTTPS and then MQTT over TLS).',
    ...(errors.length === 0 ? [] : ['', ...errors.map((words) => `- ${words}`)]),
    ...['', ...HEAD, ...rows.map(rowText), ...spent, ''],
  ].join('\n');
}
