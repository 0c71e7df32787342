import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { latencyHints } from '../metrics/judge/hints/latency-hints.ts';
import type { MergedAddress } from '../metrics/merge/address-totals.ts';
import type { MergedInterval } from '../metrics/merge/merge.ts';
import { emptyMergedFleet, histogramAt, type MergedFleet, TOTAL_NAME } from '../metrics/merge/merged-fleet.ts';
import { RunTotals } from '../metrics/merge/totals.ts';
import { type AddressInterval, ELSEWHERE } from '../results/address-figures.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { hlogFileLines, timelineFileLines } from '../results/folder/read-lines.ts';
import { parsedScenario, readScenarioText } from '../results/folder/read-scenario.ts';
import { type HlogEntry, readHlogLine, seriesTag } from '../results/latency/hlog-read.ts';
import { isEndCause, isOutcome } from '../results/outcome.ts';
import type { SeriesKey } from '../results/series.ts';
import type { ShareResult } from '../results/share-result.ts';
import type { FleetSummary } from '../results/summary/fleet-summary.ts';
import type { LatencyHint } from '../results/summary/latency-hint.ts';
import { SUMMARY_SCHEMA_VERSION, type Summary } from '../results/summary/summary.ts';
import { addCount } from '../results/tallies.ts';
import type { IntervalFleet, TimelineLine } from '../results/timeline-line.ts';
import { listed } from '../text/listed.ts';
import { formatSeconds, parseDurationUs, US_PER_SEC } from '../time/units.ts';
import { killedShare } from './killed-share.ts';

/** What must be known about a run before its first line is added. */
interface Fleets {
  readonly names: readonly string[];
  readonly totals: RunTotals;
}

/**
 * The summary of a run that wrote none, because it was killed or is still going on, built from its growing files. Undefined if they hold
 * no complete interval. Recoveries, kicks, thresholds and the tool's own health are not in those files. Rejects if one cannot be read.
 */
export async function killedRunSummary(folder: string): Promise<Summary | undefined> {
  const log = new HlogReader(hlogFileLines(folder));
  const yaml = await readScenarioText(folder);
  let fleets: Fleets | undefined;
  let last: TimelineLine | undefined;
  for await (const line of timelineFileLines(folder)) {
    fleets ??= fleetsOf(line, deviceCounts(yaml));
    fleets.totals.add(await intervalOf(line, fleets.names, log));
    last = line;
  }
  if (fleets === undefined || last === undefined) return undefined;
  // As of the last line in its files: what was planned and not started by then.
  fleets.totals.end();
  return summaryOf(fleets.totals, last, await log.startedAt(), { folder, yaml, share: await killedShare(folder) });
}

/** Sessions that are neither online nor connecting appear in no line, so there may have been more. */
function fleetsOf({ fleets, addresses }: TimelineLine, devices: ReadonlyMap<unknown, number>): Fleets {
  const plans = Object.entries(fleets).map(([name, { online, connecting, waiting }]) => ({
    name,
    sessions: online + connecting + waiting,
    devices: devices.get(name),
  }));
  return { names: plans.map(({ name }) => name), totals: new RunTotals(plans, addressNames(addresses)) };
}

async function intervalOf(line: TimelineLine, names: readonly string[], log: HlogReader): Promise<MergedInterval> {
  const fleets = names.map((name) => mergedFleet(name, line.fleets[name]));
  const total = mergedFleet(TOTAL_NAME, line.total);
  for await (const entry of log.until(line.endSec)) {
    const key = `${entry.measure}/${entry.outcome}` as SeriesKey;
    const fleet = entry.fleet === undefined ? total : fleets.find(({ name }) => seriesTag(name) === entry.fleet);
    if (fleet !== undefined) entry.addTo(histogramAt(fleet.histograms, key));
  }
  // The log of a run with a single fleet has no separate lines for it.
  const [only] = fleets;
  const shown = only !== undefined && fleets.length === 1 ? [{ ...only, histograms: total.histograms }] : fleets;
  const addresses = Object.values(line.addresses ?? {}).map(mergedAddress);
  return { interval: line.interval, fleets: shown, total, addresses, health: [], missing: [] };
}

function mergedFleet(name: string, figures: IntervalFleet | undefined): MergedFleet {
  const fleet = emptyMergedFleet(name);
  if (figures === undefined) return fleet;
  const { planned, started, retries, notStarted = 0, online, connecting, waiting, slipMaxUs } = figures;
  const { onlineMin = online, onlineMax = online, devicesStarted = 0, devicesOnline = 0 } = figures;
  // Retries start about when they were planned; the line does not count planned attempts by kind.
  const firstPlanned = Math.max(0, planned - retries);
  Object.assign(fleet.attempts, { planned, firstPlanned, started, retries });
  Object.assign(fleet.devices, { started: devicesStarted, online: devicesOnline });
  // Sessions that were online at the end of the run have ended as `stopped`.
  const atStop = figures.ended['stopped'] ?? 0;
  const extent = { last: online, min: onlineMin, max: onlineMax, low: onlineMin, standing: online, atStop };
  Object.assign(fleet, { notStarted, online: extent, connecting, waiting, slipMaxUs });
  for (const [outcome, count] of Object.entries(figures.outcomes))
    if (isOutcome(outcome)) addCount(fleet.outcomes, outcome, count);
  for (const [cause, count] of Object.entries(figures.ended))
    if (isEndCause(cause)) addCount(fleet.ended, cause, count);
  return fleet;
}

/** The others, where replies sent devices, have no name of their own. */
function addressNames(addresses: TimelineLine['addresses']): string[] {
  return Object.keys(addresses ?? {}).filter((name) => name !== ELSEWHERE);
}

/** Without latencies, which the log does not have by address. */
function mergedAddress({ outcomes, ended, online }: AddressInterval): MergedAddress {
  const merged: MergedAddress = {
    outcomes: {},
    ended: {},
    online: { last: online, max: online, standing: online, atStop: ended['stopped'] ?? 0 },
    histograms: new Map(),
  };
  for (const [outcome, count] of Object.entries(outcomes))
    if (isOutcome(outcome)) addCount(merged.outcomes, outcome, count);
  for (const [cause, count] of Object.entries(ended)) if (isEndCause(cause)) addCount(merged.ended, cause, count);
  return merged;
}

/** Reads the log in step with the timeline: both are in chronological order. */
class HlogReader {
  readonly #lines: AsyncIterator<string>;
  #next: HlogEntry | undefined;
  #startedAt: Date | undefined;
  #isOver = false;

  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** The entries, not returned yet, of intervals that began before this second. */
  async *until(endSec: number): AsyncGenerator<HlogEntry> {
    for (;;) {
      this.#next ??= await this.#read();
      if (this.#next === undefined || this.#next.startSec >= endSec) return;
      yield this.#next;
      this.#next = undefined;
    }
  }

  /** Wall-clock time of the run's instant 0; undefined if the log does not say. */
  async startedAt(): Promise<Date | undefined> {
    this.#next ??= await this.#read();
    return this.#startedAt;
  }

  async #read(): Promise<HlogEntry | undefined> {
    while (!this.#isOver) {
      const { value, done } = await this.#lines.next();
      this.#isOver = done === true;
      if (done === true) break;
      const [, epochSec] = /^#\[StartTime: ([\d.]+) /.exec(value) ?? [];
      if (epochSec !== undefined) this.#startedAt = new Date(Number(epochSec) * 1_000);
      const entry = readHlogLine(value);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }
}

/** What is known of it besides its figures. */
interface KilledRun {
  readonly folder: string;
  readonly yaml: string | undefined;
  readonly share: ShareResult | undefined;
}

function summaryOf(
  totals: RunTotals,
  { endSec, total: { devicesStarted } }: TimelineLine,
  startedAt: Date | undefined,
  { folder, yaml, share }: KilledRun,
): Summary {
  const begin = startedAt ?? new Date(0);
  const scenario = scenarioFacts(yaml, folder);
  return {
    schemaVersion: SUMMARY_SCHEMA_VERSION,
    tool: { name: 'fleetstorm', version: 'unknown' },
    scenario: {
      ...scenario.facts,
      sha256: createHash('sha256')
        .update(yaml ?? '')
        .digest('hex'),
    },
    ...(share === undefined ? {} : { share }),
    machine: { node: 'unknown', platform: 'unknown', cpu: 'unknown', cores: 0, memoryMiB: 0 },
    startedAt: begin.toISOString(),
    finishedAt: new Date(begin.getTime() + endSec * 1_000).toISOString(),
    plannedDurationSec: scenario.durationSec ?? endSec,
    elapsedSec: endSec,
    interrupted: true,
    verdict: {
      verdict: 'degraded',
      reasons: [
        `the run wrote no summary: it was killed, or is not over. Its first ${formatSeconds(endSec)} are known`,
      ],
    },
    exitCode: EXIT_CODES.degraded,
    thresholds: [],
    ...(devicesStarted === undefined ? withoutDevices(totals.summary()) : totals.summary()),
    ...addressesOf(totals),
    hints: hintsOf(totals),
    crossChecks: [],
    workers: [],
    warnings: [
      'made from timeline.ndjson and latency.hlog: recoveries, kicks, causes in words, thresholds, the emulator and the health of the tool are not known, and sessions are those of the first second',
    ],
  };
}

interface ScenarioFacts {
  readonly facts: { readonly name: string; readonly seed: number; readonly target: string };
  readonly durationSec: number | undefined;
}

/** What can be read from `scenario.yaml`, if it exists. */
function scenarioFacts(yaml: string | undefined, folder: string): ScenarioFacts {
  const scenario = recordOf(parsedScenario(yaml));
  const { name, seed, duration } = scenario;
  const durationUs = typeof duration === 'string' ? parseDurationUs(duration) : undefined;
  return {
    facts: {
      name: typeof name === 'string' ? name : basename(resolve(folder)),
      seed: typeof seed === 'number' ? seed : 0,
      target: targetWords(recordOf(scenario['target'])),
    },
    durationSec: durationUs === undefined ? undefined : durationUs / US_PER_SEC,
  };
}

function addressesOf(totals: RunTotals): Pick<Summary, 'addresses'> {
  const rows = totals.addresses().map(({ figures }) => figures);
  return rows.length === 0 ? {} : { addresses: rows };
}

/** Nothing is known of the kernel's counters. */
function hintsOf(totals: RunTotals): LatencyHint[] {
  const { fleets } = totals.summary();
  return latencyHints(
    fleets.flatMap(({ name }) => totals.histograms(name) ?? []),
    undefined,
  );
}

/** Files of earlier versions do not count devices. */
function withoutDevices({ total, fleets }: ReturnType<RunTotals['summary']>): ReturnType<RunTotals['summary']> {
  const without = ({ devices: _devices, ...fleet }: FleetSummary): FleetSummary => fleet;
  return { total: without(total), fleets: fleets.map(without) };
}

/** Devices by fleet, of fleets that have a number of them instead of a list. */
function deviceCounts(yaml: string | undefined): ReadonlyMap<unknown, number> {
  const { fleets } = recordOf(parsedScenario(yaml));
  const listed: readonly unknown[] = Array.isArray(fleets) ? fleets : [];
  return new Map(
    listed
      .map(recordOf)
      .flatMap(({ name, devices }) => (typeof devices === 'number' ? [[name, devices] as const] : [])),
  );
}

function targetWords({ mqtt, auth, emulator }: Readonly<Record<string, unknown>>): string {
  const service = Array.isArray(mqtt) ? listed(mqtt.map(String)) : mqtt;
  if (typeof service === 'string') return typeof auth === 'string' ? `${service}, login at ${auth}` : service;
  const { profile } = recordOf(emulator);
  return typeof profile === 'string' ? `emulator (profile ${profile})` : 'unknown';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
