import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { type Summary, summarySchema } from '../../../src/results/summary/summary.ts';
import { runCli } from '../../e2e/cli.ts';
import { testBed } from '../test-bed.ts';
import { Bystander, MIN_IDLE_SHARE, type Seen } from './bystander.ts';

/** Planned rates against those that were reached, by the raw attempts of one worker with the lean client. */

const PLANNED_SEC = 2;
const BIN_US = 100_000;
const US_PER_SEC = 1_000_000;

/**
 * Measured on two cores with mosquitto beside the generator, 20 runs each at 5,000 and 8,000/s: every second kept to its 1% (0.6% at most
 * where it was written down). Each 100 ms kept to 10% in 36 of the 40 runs; in four, with other work on the same cores, stalls of 15 to 55 ms
 * moved starts into the next 100 ms, off by 12 to 45%. A stall, and the first moments of 8,000/s, are in some of them; what is wrong with the
 * pace is in most.
 */
const MAX_DIFFERENCE_PER_SECOND = 0.01;
const MAX_DIFFERENCE_PER_BIN = 0.1;
const EVEN_BINS = 0.5;

interface AttemptRow {
  readonly [column: string]: string;
}

const bed = testBed();

/** A run and its raw attempts. */
interface RateRun {
  readonly summary: Summary;
  readonly rows: readonly AttemptRow[];
}

/** Runs the plan for its 2 s and a second more. */
async function runAt(ratePerSec: number): Promise<RateRun> {
  const file = join(bed.folder, `rate-${ratePerSec}.yaml`);
  const attempts = join(bed.folder, `attempts-${ratePerSec}.csv`);
  const connect = { arrival: 'rate', rate: `${ratePerSec}/s` };
  const scenario = {
    version: 1,
    name: 'rate',
    duration: '3s',
    workers: 1,
    client: 'lean',
    target: { mqtt: `mqtt://127.0.0.1:${bed.port}` },
    fleets: [{ name: 'm', productKey: 'pk', devices: ratePerSec * PLANNED_SEC, connect }],
  };
  await writeFile(file, JSON.stringify(scenario));
  const out = join(bed.folder, `run-${ratePerSec}`);
  const {
    code,
    stdout: words,
    stderr,
  } = await runCli([...['run', file, '--out', out, '--attempts', attempts, '--accept-limited']]);
  expect(code, words + stderr).toBe(0);
  const summary = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
  return { summary, rows: parse(await readFile(attempts, 'utf8'), { columns: true }) };
}

/** How many of the instants fall into each span of the plan; what comes after its end falls into none. */
function countedBySpan(instantsUs: readonly number[], spanUs: number): number[] {
  const counts = new Array<number>((PLANNED_SEC * US_PER_SEC) / spanUs).fill(0);
  for (const atUs of instantsUs) {
    const span = Math.floor(atUs / spanUs);
    const count = counts[span];
    if (count !== undefined) counts[span] = count + 1;
  }
  return counts;
}

function differences(counts: readonly number[], planned: number): number[] {
  return counts.map((count) => Math.abs(count - planned) / planned);
}

interface Reached {
  /** The run says that it was not the target that limited it. */
  readonly isLimited: boolean;
  readonly bystander: Seen;
  /** Started in each second, and in each 100 ms, of the plan. */
  readonly seconds: readonly number[];
  readonly bins: readonly number[];
}

/**
 * One run: every session is planned for its instant, starts no earlier, and is accepted, once; or the run says that the generator was the
 * limit, and each planned attempt is accounted for.
 */
async function reachedAt(ratePerSec: number): Promise<Reached> {
  const beside = await Bystander.start();
  const { summary, rows } = await runAt(ratePerSec);
  const bystander = await beside.stop();
  const sessions = ratePerSec * PLANNED_SEC;
  const { planned, firstPlanned, started, notStarted = 0, unfinished } = summary.total.attempts;
  const isLimited = summary.verdict.verdict === 'generator-limited';
  expect([firstPlanned, started + notStarted, rows.length + unfinished]).toEqual([sessions, planned, started]);
  if (!isLimited) {
    expect(new Set(rows.map((row) => row['device'])).size).toBe(sessions);
    expect(rows.map((row) => row['outcome'])).toEqual(rows.map(() => 'accepted'));
  }
  const plannedUs = rows.map((row) => Number(row['planned_us']));
  const startedUs = rows.map((row) => Number(row['started_us']));
  const [perBin, bins] = [(ratePerSec * BIN_US) / US_PER_SEC, (PLANNED_SEC * US_PER_SEC) / BIN_US];
  if (!isLimited) expect(countedBySpan(plannedUs, BIN_US)).toEqual(Array.from({ length: bins }, () => perBin));
  expect(startedUs.filter((us, index) => us < (plannedUs[index] ?? Number.NaN))).toEqual([]);
  return {
    isLimited,
    bystander,
    seconds: countedBySpan(startedUs, US_PER_SEC),
    bins: countedBySpan(startedUs, BIN_US),
  };
}

describe.each([1_000, 5_000, 8_000])('%i logins a second', (ratePerSec) => {
  it('are started as planned, evenly inside each second, and accepted', async ({ skip }) => {
    const { isLimited, bystander, seconds, bins } = await reachedAt(ratePerSec);
    stdout.write(`${ratePerSec}/s: a second: ${seconds}; 100 ms: ${bins}; bystander: ${JSON.stringify(bystander)}\n`);
    skip(isLimited, 'the run says that the generator was the limit: this machine has not the cores for the rate');
    skip(bystander.idleShare < MIN_IDLE_SHARE, 'other work on this machine took the cores');
    // What should have started while nobody got a core may have started in the next second.
    const movedBySec = bystander.maxMs / 1_000;
    expect(Math.max(...differences(seconds, ratePerSec))).toBeLessThanOrEqual(MAX_DIFFERENCE_PER_SECOND + movedBySec);
    const even = differences(bins, (ratePerSec * BIN_US) / US_PER_SEC).filter((one) => one <= MAX_DIFFERENCE_PER_BIN);
    expect(even.length).toBeGreaterThanOrEqual(EVEN_BINS * bins.length);
  });
});
