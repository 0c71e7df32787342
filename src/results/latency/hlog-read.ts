import { inflateSync } from 'node:zlib';
import { isOutcome, MEASURES } from '../outcome.ts';
import { addEncoded } from './hdr-decoding.ts';
import type { LatencyHistogram } from './histogram.ts';

/** Reads `latency.hlog` back, line by line. */

/** One line of the log: the values of one series in one interval. */
export interface HlogEntry {
  /** The fleet as spelled in the log; undefined in lines for all fleets together. */
  readonly fleet: string | undefined;
  readonly measure: string;
  readonly outcome: string;
  readonly startSec: number;
  /** Adds the values to a histogram. Throws when the line's encoding is damaged. */
  addTo(histogram: LatencyHistogram): void;
}

const LINE = /^Tag=(?:([^,:]+):)?([^,:/]+)\/([^,:/]+),([\d.]+),[\d.]+,[\d.]+,([A-Za-z0-9+/=]+)$/;
const HEADER_BYTES = 8;

/** The entry of a line; undefined for comments, titles and a line that a killed run left unfinished. */
export function readHlogLine(line: string): HlogEntry | undefined {
  const [, fleet, measure = '', outcome = '', startSec, encoded = ''] = LINE.exec(line) ?? [];
  if (startSec === undefined || !(MEASURES as readonly string[]).includes(measure) || !isOutcome(outcome))
    return undefined;
  return {
    fleet,
    measure,
    outcome,
    startSec: Number(startSec),
    addTo: (histogram) => addEncoded(histogram, inflateSync(Buffer.from(encoded, 'base64').subarray(HEADER_BYTES))),
  };
}

/** A fleet's name as the tags spell it: a tag ends at a comma or a blank. */
export function seriesTag(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]/gu, '_');
}
