import { HIGHEST_US, type LatencyHistogram, LOWEST_US, SIGNIFICANT_DIGITS } from './histogram.ts';

/** Reading HdrHistogram's V2 encoding, uncompressed: a header, then counts as zigzag LEB128 numbers. */

/** The V2 cookie with the flag of such counts. */
export const HDR_COOKIE = 0x1c849313;
export const HDR_HEADER_BYTES = 40;

/** Adds an encoded histogram to `target` without building it. Throws if the bytes do not have this program's layout. */
export function addEncoded(target: LatencyHistogram, bytes: Uint8Array): void {
  const end = checkedEnd(bytes);
  let position = HDR_HEADER_BYTES;
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

function checkedEnd(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HDR_HEADER_BYTES || view.getInt32(0) !== HDR_COOKIE) {
    throw new Error('not an HdrHistogram in V2 encoding');
  }
  const isOurLayout =
    view.getInt32(12) === SIGNIFICANT_DIGITS &&
    view.getBigInt64(16) === BigInt(LOWEST_US) &&
    view.getBigInt64(24) === BigInt(HIGHEST_US);
  const end = HDR_HEADER_BYTES + view.getInt32(4);
  if (!isOurLayout || end !== bytes.length) throw new Error('an HdrHistogram of another layout or cut short');
  return end;
}
