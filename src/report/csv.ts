import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../files/make-folder.ts';
import { replaceFileBy } from '../files/replace-file.ts';
import { hlogFileLines, timelineFileLines } from '../results/folder/read-lines.ts';
import { bucketsOf } from '../results/latency/buckets.ts';
import { type LatencyHistogram, newHistogram } from '../results/latency/histogram.ts';
import { readHlogLine } from '../results/latency/hlog-read.ts';
import type { NeverOnlineDevice } from '../results/summary/never-online.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { IntervalFleet, TimelineLine } from '../results/timeline-line.ts';

/** Name in the fleet column for all fleets together. */
const ALL = 'all fleets';

/**
 * Writes `timeline.csv` and `distributions.csv` of a finished run into a folder; `addresses.csv`, if its service has several addresses;
 * and `never-online.csv`, if it is known which devices were never online. Rejects if a file cannot be read or written.
 */
export async function writeCsv(
  runFolder: string,
  targetFolder: string,
  { neverOnline }: Pick<Summary, 'neverOnline'> = {},
): Promise<void> {
  await makeFolder(targetFolder);
  const columns = await timelineColumns(timelineFileLines(runFolder));
  await writeRows(join(targetFolder, 'timeline.csv'), () => timelineRows(timelineFileLines(runFolder), columns));
  if (columns.hasAddresses) {
    await writeRows(join(targetFolder, 'addresses.csv'), () => addressRows(timelineFileLines(runFolder), columns));
  }
  await writeRows(join(targetFolder, 'distributions.csv'), () => distributionRows(hlogFileLines(runFolder)));
  if (neverOnline !== undefined) await writeRows(join(targetFolder, 'never-online.csv'), () => deviceRows(neverOnline));
}

/** Cells of a row of a table. */
export type Row = readonly (string | number | undefined)[];

/** Writes a table, in place of an earlier one of that name. Rejects if it cannot be written. */
export async function writeRows(path: string, rows: () => AsyncIterable<Row> | Iterable<Row>): Promise<void> {
  await replaceFileBy(path, (file) => pipeline(Readable.from(csvText(rows())), createWriteStream(file)));
}

async function* csvText(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<string> {
  for await (const row of rows) yield `${row.map(csvCell).join(',')}\n`;
}

/** RFC 4180. A text that a spreadsheet would read as a formula is prefixed with an apostrophe. */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Names used in the lines of a timeline; known only once all lines have been read. */
interface TimelineNames {
  readonly outcomes: readonly string[];
  readonly ended: readonly string[];
  readonly measures: readonly string[];
  /** Whether the service has several addresses. */
  readonly hasAddresses: boolean;
}

async function timelineColumns(lines: AsyncIterable<TimelineLine>): Promise<TimelineNames> {
  const [outcomes, ended, measures] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let hasAddresses = false;
  for await (const { total, addresses } of lines) {
    hasAddresses ||= addresses !== undefined;
    for (const name of Object.keys(total.outcomes)) outcomes.add(name);
    for (const name of Object.keys(total.ended)) ended.add(name);
    for (const name of Object.keys(total.latency)) measures.add(name);
  }
  return { outcomes: [...outcomes].sort(), ended: [...ended].sort(), measures: [...measures], hasAddresses };
}

const STATISTICS = ['p50Us', 'p90Us', 'p99Us', 'p999Us', 'maxUs'] as const;
const GAUGES = [
  ...(['planned', 'started', 'retries', 'notStarted', 'devicesStarted', 'devicesOnline'] as const),
  ...(['online', 'onlineMin', 'onlineMax', 'connecting', 'waiting', 'slipMaxUs'] as const),
] as const;

/** One row per device, in the order of the summary. */
async function* deviceRows(devices: readonly NeverOnlineDevice[]): AsyncGenerator<Row> {
  yield ['fleet', 'index', 'device', 'attempts', 'outcome', 'detail'];
  for (const { fleet, index, device, attempts, outcome, detail } of devices) {
    yield [fleet, index, device, attempts, outcome, detail];
  }
}

/** One row per interval and fleet, those of all fleets together first. */
async function* timelineRows(lines: AsyncIterable<TimelineLine>, names: TimelineNames): AsyncGenerator<Row> {
  yield [
    ...['startSec', 'endSec', 'fleet', ...GAUGES],
    ...names.outcomes.map((name) => `outcome.${name}`),
    ...names.ended.map((name) => `ended.${name}`),
    ...names.measures.flatMap((measure) => STATISTICS.map((statistic) => `${measure}.${statistic}`)),
  ];
  for await (const { startSec, endSec, total, fleets } of lines) {
    for (const [name, fleet] of [[ALL, total] as const, ...Object.entries(fleets)]) {
      yield [startSec, endSec, name, ...fleetCells(fleet, names)];
    }
  }
}

/** One row per interval and address, in the order of the scenario. */
async function* addressRows(
  lines: AsyncIterable<TimelineLine>,
  { outcomes, ended }: TimelineNames,
): AsyncGenerator<Row> {
  yield [
    ...['startSec', 'endSec', 'address', 'online'],
    ...outcomes.map((name) => `outcome.${name}`),
    ...ended.map((name) => `ended.${name}`),
  ];
  for await (const { startSec, endSec, addresses = {} } of lines) {
    for (const [address, figures] of Object.entries(addresses)) {
      const counts = [
        ...outcomes.map((name) => figures.outcomes[name] ?? 0),
        ...ended.map((name) => figures.ended[name] ?? 0),
      ];
      yield [startSec, endSec, address, figures.online, ...counts];
    }
  }
}

function fleetCells(fleet: IntervalFleet, { outcomes, ended, measures }: TimelineNames): Row {
  return [
    ...GAUGES.map((name) => fleet[name]),
    ...outcomes.map((name) => fleet.outcomes[name] ?? 0),
    ...ended.map((name) => fleet.ended[name] ?? 0),
    ...measures.flatMap((measure) => STATISTICS.map((statistic) => fleet.latency[measure]?.[statistic])),
  ];
}

/** One row per value that occurred, by fleet, measure and outcome, in ascending order, with the share of values up to it. */
async function* distributionRows(lines: AsyncIterable<string>): AsyncGenerator<Row> {
  yield ['fleet', 'measure', 'outcome', 'fromUs', 'toUs', 'count', 'shareUpTo'];
  const series = new Map<string, { readonly key: Row; readonly histogram: LatencyHistogram }>();
  for await (const line of lines) {
    const entry = readHlogLine(line);
    if (entry === undefined) continue;
    const key = [entry.fleet ?? ALL, entry.measure, entry.outcome];
    const found = series.get(key.join('/')) ?? { key, histogram: newHistogram() };
    series.set(key.join('/'), found);
    entry.addTo(found.histogram);
  }
  for (const { key, histogram } of series.values()) {
    let seen = 0;
    for (const { lowestUs, highestUs, count } of bucketsOf(histogram)) {
      seen += count;
      yield [...key, lowestUs, highestUs, count, Number((seen / histogram.totalCount).toPrecision(7))];
    }
  }
}
