import { HistogramLogReader, listTags } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { hlogHeader, hlogLines } from '../../../../src/metrics/hlog/hlog.ts';
import { Recorder } from '../../../../src/metrics/measure/recorder.ts';
import { IntervalMerger } from '../../../../src/metrics/merge/merge.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';

const HEALTH = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };
const PHASES = { dnsUs: -1, tcpUs: -1, tlsUs: -1, mqttUs: 250 };
const STARTED_AT = new Date('2026-01-02T03:04:05.678Z');

function log(fleets: readonly string[]): string {
  const recorder = new Recorder(0, fleets);
  const merger = new IntervalMerger(1, fleets);
  for (const [index] of fleets.entries())
    recorder.fleet(index).attempt(attemptRecord({ ...PHASES, startedUs: 500, endedUs: 1_500 }), 0);
  const merged = [0, 1].flatMap((interval) => merger.add(recorder.takeSnapshot(interval, HEALTH, [])));
  return hlogHeader(STARTED_AT) + merged.map(hlogLines).join('');
}

describe('latency.hlog', () => {
  it('is read by the public reader: tags, times and values', () => {
    const text = log(['meters']);
    expect(listTags(text)).toEqual(['response/accepted', 'service/accepted', 'slip/accepted', 'mqtt/accepted']);
    const reader = new HistogramLogReader(text);
    const first = reader.nextIntervalHistogram();
    expect(first).toMatchObject({ tag: 'response/accepted', totalCount: 1, startTimeStampMsec: STARTED_AT.getTime() });
    expect(first?.getValueAtPercentile(50)).toBe(1_500);
  });

  it('tells each fleet apart when there are several, with names that a tag can hold', () => {
    const tags = listTags(log(['meters', 'the, gateways']));
    expect(tags).toContain('response/accepted');
    expect(tags).toContain('meters:response/accepted');
    expect(tags).toContain('the__gateways:mqtt/accepted');
  });

  it('prints the largest value in milliseconds, and nothing for an empty interval', () => {
    const lines = log(['meters'])
      .split('\n')
      .filter((line) => line.startsWith('Tag='));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^Tag=response\/accepted,0\.000,1\.000,1\.500,[A-Za-z0-9+/=]+$/);
  });
});
