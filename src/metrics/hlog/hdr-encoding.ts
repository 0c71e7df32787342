import { HDR_COOKIE, HDR_HEADER_BYTES } from '../../results/latency/hdr-decoding.ts';
import {
  HIGHEST_US,
  type LatencyHistogram,
  LOWEST_US,
  SIGNIFICANT_DIGITS,
  usedLength,
} from '../../results/latency/histogram.ts';

/**
 * Writes HdrHistogram's V2 encoding, uncompressed, as used in `latency.hlog`. hdr-histogram-js writes 1 as the normalizing index offset
 * and an integer as the value ratio, which readers in C shift by one and readers in Rust refuse. These headers say 0 and 1.0.
 */

/** The longest encoding of one count or run of zeros: counts stay below 2^49. */
const MAX_WORD_BYTES = 8;

/** Reused between calls: an encoding never suspends, and every result is a copy. */
let scratch = new Uint8Array(4096);

/** The histogram in HdrHistogram V2 encoding. */
export function encodeHistogram(histogram: LatencyHistogram): Uint8Array {
  let position = HDR_HEADER_BYTES;
  let zeros = 0;
  const end = usedLength(histogram);
  for (let index = 0; index < end; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) {
      zeros++;
      continue;
    }
    if (position + 2 * MAX_WORD_BYTES > scratch.length) scratch = grown(scratch);
    if (zeros > 0) position = writeZigZag(position, zeros === 1 ? 0 : -zeros);
    position = writeZigZag(position, count);
    zeros = 0;
  }
  writeHeader(new DataView(scratch.buffer), position - HDR_HEADER_BYTES);
  return scratch.slice(0, position);
}

function writeHeader(view: DataView, payloadBytes: number): void {
  view.setInt32(0, HDR_COOKIE);
  view.setInt32(4, payloadBytes);
  view.setInt32(8, 0);
  view.setInt32(12, SIGNIFICANT_DIGITS);
  view.setBigInt64(16, BigInt(LOWEST_US));
  view.setBigInt64(24, BigInt(HIGHEST_US));
  view.setFloat64(32, 1);
}

/** A negative number is a run of zero counts. */
function writeZigZag(start: number, value: number): number {
  let position = start;
  let word = value >= 0 ? value * 2 : -value * 2 - 1;
  while (word >= 0x80) {
    scratch[position++] = (word % 128) | 0x80;
    word = Math.floor(word / 128);
  }
  scratch[position++] = word;
  return position;
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}
