import { type Load, playLoad, type Sample } from './load.ts';

/** One line of the table. Costs are net of the same run of which one session a worker comes. */
export interface Row {
  readonly what: string;
  readonly workers: number;
  readonly sessions: number;
  /** 0: as fast as it can. */
  readonly plannedPerSec: number;
  /** Of the fullest second. */
  readonly connectsPerSec: number;
  readonly cpuUs: number;
  readonly kib: number;
  /** CPU of the embedded emulator a login; 0 where there is none. */
  readonly emulatorUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slipP99Ms: number;
  readonly verdict: string;
}

/** The median by CPU of `rounds` runs. */
export async function measure(what: string, load: Load, rounds: number): Promise<Row> {
  const rows: Row[] = [];
  for (let round = 0; round < rounds; round++) {
    // One for each worker, so that every worker's start is in it.
    const idle = await playLoad(load, load.workers);
    rows.push(rowOf(what, load, await playLoad(load, load.sessions), idle));
  }
  const median = rows.sort((a, b) => a.cpuUs - b.cpuUs)[Math.floor(rounds / 2)];
  if (median === undefined) throw new Error('a row needs at least one round');
  return median;
}

function rowOf(what: string, load: Load, full: Sample, idle: Sample): Row {
  const { total, verdict } = full.summary;
  const { workers, sessions, perSec } = load;
  const accepted = total.outcomes.find(({ outcome }) => outcome === 'accepted')?.count ?? 0;
  if (accepted !== sessions) throw new Error(`${what}: ${accepted} of ${sessions} sessions were accepted`);
  const [response, slip] = [total.latency['response']?.['accepted'], total.latency['slip']?.['accepted']];
  return {
    ...{ what, workers, sessions, plannedPerSec: perSec, connectsPerSec: Math.round(total.rate.acceptedPeakPerSec) },
    cpuUs: round1((full.tool.cpuUs - idle.tool.cpuUs) / sessions),
    kib: round1((full.tool.kib - idle.tool.kib) / sessions),
    emulatorUs: round1(((full.emulator?.cpuUs ?? 0) - (idle.emulator?.cpuUs ?? 0)) / sessions),
    p50Ms: round1((response?.p50Us ?? 0) / 1_000),
    p99Ms: round1((response?.p99Us ?? 0) / 1_000),
    slipP99Ms: round1((slip?.p99Us ?? 0) / 1_000),
    verdict: verdict.verdict,
  };
}

export function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
