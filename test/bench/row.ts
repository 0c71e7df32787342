import { type Load, playLoad, type Sample } from './load.ts';

/** One line of the table. Costs are net of the same run of which one session per worker comes. */
export interface Row {
  readonly what: string;
  readonly workers: number;
  readonly sessions: number;
  /** 0: as fast as it can. */
  readonly plannedPerSec: number;
  /** In the busiest second. */
  readonly connectsPerSec: number;
  readonly cpuUs: number;
  /** Least and most of the rounds. */
  readonly cpuSpreadUs: readonly [number, number];
  /** CPU, in floors: those of a program in C that logs in as often, at the same pace, under TLS where this does. Left out where there is none. */
  readonly timesFloor?: number;
  readonly kib: number;
  /** CPU of the embedded emulator per login; 0 where there is none. */
  readonly emulatorUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slipP99Ms: number;
  readonly verdict: string;
}

/** What a load is compared with. */
export interface FloorOf {
  readonly row: Row | undefined;
  /** Logins of the floor that one login of the load is made of: 2 for a token over HTTPS and then MQTT over TLS. */
  readonly logins: number;
}

/** The medians of `rounds` runs. Throws where a figure cannot be. */
export async function measure(what: string, load: Load, rounds: number, floor: FloorOf): Promise<Row> {
  const idle: Sample[] = [];
  const full: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    // One for each worker, so that every worker's start is in it.
    idle.push(await playLoad(load, load.workers));
    full.push(await playLoad(load, load.sessions));
  }
  for (const { summary } of full) needAllAccepted(what, load, summary);
  const cpu = netPerSession(full, idle, load, ({ tool }) => tool.cpuUs);
  const emulator = netPerSession(full, idle, load, (sample) => sample.emulator?.cpuUs ?? 0);
  const kib = median(netPerSession(full, idle, load, ({ tool }) => tool.kib));
  needPossible(what, {
    'CPU per login': Math.min(...cpu),
    'memory per session': kib,
    'emulator CPU': median(emulator),
  });
  const cpuUs = median(cpu);
  const floorUs = floor.row === undefined ? undefined : floor.row.cpuUs * floor.logins;
  return {
    what,
    workers: load.workers,
    sessions: load.sessions,
    plannedPerSec: load.perSec,
    connectsPerSec: Math.round(median(full.map(({ summary }) => summary.total.rate.acceptedPeakPerSec))),
    cpuUs: round1(cpuUs),
    cpuSpreadUs: spreadOf(cpu),
    ...(floorUs === undefined ? {} : { timesFloor: round1(cpuUs / floorUs) }),
    kib: round1(kib),
    emulatorUs: round1(median(emulator)),
    p50Ms: medianMs(full, 'response', 'p50Us'),
    p99Ms: medianMs(full, 'response', 'p99Us'),
    slipP99Ms: medianMs(full, 'slip', 'p99Us'),
    verdict: [...new Set(full.map(({ summary }) => summary.verdict.verdict))].join(', '),
  };
}

function needAllAccepted(what: string, { sessions }: Load, { total }: Sample['summary']): void {
  const accepted = total.outcomes.find(({ outcome }) => outcome === 'accepted')?.count ?? 0;
  if (accepted !== sessions) throw new Error(`${what}: ${accepted} of ${sessions} sessions were accepted`);
}

/** What each full run used per session above the median of the idle ones. */
function netPerSession(
  full: readonly Sample[],
  idle: readonly Sample[],
  { sessions }: Load,
  figure: (sample: Sample) => number,
): number[] {
  const start = median(idle.map(figure));
  return full.map((sample) => (figure(sample) - start) / sessions);
}

function needPossible(what: string, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) {
    if (value >= 0) continue;
    throw new Error(
      `${what}: ${name} came out as ${round1(value)}: too few sessions for the noise of a start, or a busy machine`,
    );
  }
}

function medianMs(full: readonly Sample[], phase: 'response' | 'slip', percentile: 'p50Us' | 'p99Us'): number {
  return round1(
    median(full.map(({ summary }) => summary.total.latency[phase]?.['accepted']?.[percentile] ?? 0)) / 1_000,
  );
}

/** The middle one; of an even number the upper of the two. Throws when there is none. */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('a row needs at least one round');
  return middle;
}

export function spreadOf(values: readonly number[]): [number, number] {
  return [round1(Math.min(...values)), round1(Math.max(...values))];
}

export function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
