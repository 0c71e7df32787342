import {
  HIGHEST_US,
  type LatencyHistogram,
  LOWEST_US,
  newHistogram,
  SIGNIFICANT_DIGITS,
  usedLength,
} from '../measure/histogram.ts';

/**
 * HdrHistogram's V2 encoding, uncompressed, of which `latency.hlog` is made. hdr-histogram-js writes 1 as the normalizing index offset
 * and an integer as the value ratio, which readers in C shift by one and readers in Rust refuse. These headers say 0 and 1.0.
 */

/** The V2 cookie with the flag of zigzag LEB128 counts. */
const COOKIE = 0x1c849313;
const HEADER_BYTES = 40;
/** Of one count or run of zeros in this encoding: counts stay below 2^49. */
const MAX_WORD_BYTES = 8;

/** Reused between calls: an encoding never suspends, and every result is a copy. */
let scratch = new Uint8Array(4096);

/** The histogram in HdrHistogram V2 encoding. */
export function encodeHistogram(histogram: LatencyHistogram): Uint8Array {
  let position = HEADER_BYTES;
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
  writeHeader(new DataView(scratch.buffer), position - HEADER_BYTES);
  return scratch.slice(0, position);
}

/** The histogram of a V2 encoding. Throws when the bytes are not one of this program's layout. */
export function decodeHistogram(bytes: Uint8Array): LatencyHistogram {
  const histogram = newHistogram();
  addEncoded(histogram, bytes);
  return histogram;
}

/** Adds an encoded histogram to `target` without building it. Throws when the bytes are not one of this program's layout. */
export function addEncoded(target: LatencyHistogram, bytes: Uint8Array): void {
  const end = checkedEnd(bytes);
  let position = HEADER_BYTES;
  let [index, first, last] = [0, -1, 0];
  while (position < end) {
    let [word, scale, byte] = [0, 1, 0];
    do {
      byte = bytes[position++] ?? 0;
      word += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    if (word % 2 === 1) {
      index += (word + 1) / 2;
      continue;
    }
    if (word > 0) {
      target.addToCountAtIndex(index, word / 2);
      target.addToTotalCount(word / 2);
      if (first < 0) first = index;
      last = index;
    }
    index++;
  }
  if (first < 0) return;
  target.updateMinAndMax(target.valueFromIndex(first));
  target.updateMinAndMax(target.highestEquivalentValue(target.valueFromIndex(last)));
}

function writeHeader(view: DataView, payloadBytes: number): void {
  view.setInt32(0, COOKIE);
  view.setInt32(4, payloadBytes);
  view.setInt32(8, 0);
  view.setInt32(12, SIGNIFICANT_DIGITS);
  view.setBigInt64(16, BigInt(LOWEST_US));
  view.setBigInt64(24, BigInt(HIGHEST_US));
  view.setFloat64(32, 1);
}

function checkedEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getInt32(0) !== COOKIE) {
    throw new Error('not an HdrHistogram in V2 encoding');
  }
  const isOurLayout =
    view.getInt32(12) === SIGNIFICANT_DIGITS &&
    view.getBigInt64(16) === BigInt(LOWEST_US) &&
    view.getBigInt64(24) === BigInt(HIGHEST_US);
  const end = HEADER_BYTES + view.getInt32(4);
  if (!isOurLayout || end !== bytes.length) throw new Error('an HdrHistogram of another layout or cut short');
  return end;
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
