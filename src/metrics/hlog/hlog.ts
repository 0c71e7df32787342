import { deflateSync } from 'node:zlib';
import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import { seriesTag } from '../../results/latency/hlog-read.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import type { MergedInterval } from '../merge/merge.ts';
import type { MergedFleet } from '../merge/merged-fleet.ts';
import { encodeHistogram } from './hdr-encoding.ts';

/**
 * `latency.hlog`: an HdrHistogram log, format version 1.3, that the public HdrHistogram tools read. One line per interval and tag; a tag
 * is `measure/outcome` over all fleets, and `fleet:measure/outcome` for each when there are several. The library's own writer is not used
 * because of its encoding's header: see `hdr-encoding.ts`.
 */

const COMPRESSED_COOKIE = 0x1c849314;
const US_PER_MS = 1_000;
const INTERVAL_SEC = INTERVAL_US / 1_000_000;

/** The log's first lines. `startedAt`: the run's instant 0. */
export function hlogHeader(startedAt: Date): string {
  const epochSec = (startedAt.getTime() / 1000).toFixed(3);
  return [
    '#[Histogram log format version 1.3]',
    '#[Values are microseconds; Interval_Max is milliseconds: read with an output value unit ratio of 1000]',
    `#[BaseTime: ${epochSec} (seconds since epoch)]`,
    `#[StartTime: ${epochSec} (seconds since epoch), ${startedAt.toISOString()}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    '',
  ].join('\n');
}

/** The log's lines of one interval, each ended by a newline; empty when nothing was measured in it. */
export function hlogLines(merged: MergedInterval): string {
  const fleets = merged.fleets.length > 1 ? merged.fleets : [];
  const startSec = merged.interval * INTERVAL_SEC;
  return [
    ...seriesLines('', merged.total, startSec),
    ...fleets.flatMap((fleet) => seriesLines(`${seriesTag(fleet.name)}:`, fleet, startSec)),
  ].join('');
}

function seriesLines(prefix: string, fleet: MergedFleet, startSec: number): string[] {
  return [...fleet.histograms].map(([key, histogram]) => {
    const maxMs = (histogram.maxValue / US_PER_MS).toFixed(3);
    return `Tag=${prefix}${key},${startSec.toFixed(3)},${INTERVAL_SEC.toFixed(3)},${maxMs},${compressed(histogram)}\n`;
  });
}

/** V2 compressed encoding in base64. */
function compressed(histogram: LatencyHistogram): string {
  const body = deflateSync(encodeHistogram(histogram));
  const header = Buffer.alloc(8);
  header.writeInt32BE(COMPRESSED_COOKIE, 0);
  header.writeInt32BE(body.length, 4);
  return Buffer.concat([header, body]).toString('base64');
}
