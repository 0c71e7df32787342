import { deflateSync } from 'node:zlib';
import { decodeFromCompressedBase64, encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { encodeHistogram } from '../../../../src/metrics/hlog/hdr-encoding.ts';
import { addEncoded } from '../../../../src/results/latency/hdr-decoding.ts';
import {
  addHistogram,
  HIGHEST_US,
  newHistogram,
  percentilesOf,
  recordUs,
} from '../../../../src/results/latency/histogram.ts';
import { decodeHistogram } from '../../../fixtures/decode-histogram.ts';

function histogramOf(values: readonly number[]) {
  const histogram = newHistogram();
  for (const value of values) recordUs(histogram, value);
  return histogram;
}

describe('recordUs', () => {
  it('drops nothing: clamps below 1 us and above 1 h', () => {
    const histogram = histogramOf([-5, 0, 0.4, HIGHEST_US, HIGHEST_US * 10, Number.POSITIVE_INFINITY]);
    expect(histogram.getCountAtIndex(histogram.countsArrayIndex(1))).toBe(3);
    expect(histogram.getCountAtIndex(histogram.countsArrayIndex(HIGHEST_US))).toBe(3);
    expect(histogram.totalCount).toBe(6);
  });
});

describe('percentilesOf', () => {
  it('is all zero for an empty histogram', () => {
    expect(new Set(Object.values(percentilesOf(newHistogram())))).toEqual(new Set([0]));
  });

  it('takes the nearest rank', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index + 1);
    expect(percentilesOf(histogramOf(values))).toEqual({
      count: 1000,
      minUs: 1,
      meanUs: 500.5,
      p50Us: 500,
      p90Us: 900,
      p95Us: 950,
      p99Us: 990,
      p999Us: 999,
      maxUs: 1000,
    });
  });
});

describe('encoding', () => {
  const values = [1, 1, 2, 5, 1023, 1024, 2047, 2048, 2050, 65_537, 1_000_000, 3_599_999_999, 3_600_000_000];

  it('is read by the public library, value for value', () => {
    const histogram = histogramOf(values);
    const body = deflateSync(encodeHistogram(histogram));
    const header = Buffer.from([0x1c, 0x84, 0x93, 0x14, 0, 0, 0, body.length]);
    const read = decodeFromCompressedBase64(Buffer.concat([header, body]).toString('base64'));
    if (!(read instanceof Int32Histogram)) throw new Error('the library chose another class');
    expect(read.totalCount).toBe(values.length);
    for (const value of values) {
      const index = histogram.countsArrayIndex(value);
      expect(read.getCountAtIndex(index)).toBe(histogram.getCountAtIndex(index));
    }
  });

  it('gives the histogram that the way there and back of the public library gives', () => {
    const histogram = histogramOf(values);
    const read = decodeFromCompressedBase64(encodeIntoCompressedBase64(histogram));
    expect(decodeHistogram(encodeHistogram(histogram)).summary).toEqual(read.summary);
  });

  it('carries an empty histogram', () => {
    expect(percentilesOf(decodeHistogram(encodeHistogram(newHistogram())))).toEqual(percentilesOf(newHistogram()));
  });

  it('carries counts that need several bytes', () => {
    const histogram = newHistogram();
    histogram.recordValueWithCount(7, 4_000_000_000);
    expect(decodeHistogram(encodeHistogram(histogram)).totalCount).toBe(4_000_000_000);
  });

  it('says 0 and 1.0 in the header fields that other readers act on', () => {
    const bytes = encodeHistogram(histogramOf([1]));
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect([view.getInt32(8), view.getFloat64(32)]).toEqual([0, 1]);
  });

  it('gives results that later encodings do not overwrite', () => {
    const first = encodeHistogram(histogramOf([10]));
    encodeHistogram(histogramOf([20, 30]));
    expect(percentilesOf(decodeHistogram(first)).maxUs).toBe(10);
  });

  it.each([
    ['other bytes', new Uint8Array(64), 'not an HdrHistogram'],
    ['nothing', new Uint8Array(), 'not an HdrHistogram'],
    ['half of one', encodeHistogram(histogramOf([1, 2, 3000])).slice(0, -1), 'cut short'],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => addEncoded(newHistogram(), bytes)).toThrow(message);
  });
});

describe('addHistogram', () => {
  it('adds counts, and nothing of an empty one', () => {
    const target = histogramOf([5, 100]);
    addHistogram(target, histogramOf([5, 70_000, 1]));
    addHistogram(target, newHistogram());
    expect(percentilesOf(target)).toEqual(percentilesOf(histogramOf([5, 100, 5, 70_000, 1])));
  });
});
