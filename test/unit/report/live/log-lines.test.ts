import { describe, expect, it } from 'vitest';
import { LogLines } from '../../../../src/report/live/log-lines.ts';
import type { TimelineLine } from '../../../../src/results/timeline-line.ts';
import { flatPercentiles } from '../../metrics/judge/summaries.ts';

function line(
  interval: number,
  outcomes: Record<string, number>,
  ended: Record<string, number> = {},
  p99Us = 31_700,
): TimelineLine {
  const accepted = outcomes['accepted'] ?? 0;
  const total = {
    ...{ planned: 100, started: 100, retries: 3, online: 190, connecting: 7, waiting: 2, slipMaxUs: 0 },
    ...{ outcomes, ended },
    latency: accepted === 0 ? {} : { response: { ...flatPercentiles(accepted, 4_120), p99Us } },
  };
  return { interval, startSec: interval, endSec: interval + 1, total, fleets: { meters: total }, workers: [] };
}

function logOf(durationSec: number, lines: readonly TimelineLine[]): string[] {
  const log = new LogLines(durationSec);
  const texts = [...lines.map((one) => log.add(one)), log.rest()];
  return texts.filter((text) => text !== undefined);
}

describe('LogLines', () => {
  it('tells each second of a short run in a line', () => {
    expect(logOf(30, [line(0, {}), line(1, { accepted: 92, 'tcp-refused': 3 }, { kicked: 1 })])).toEqual([
      '1s/30s  online 190  connecting 7  connects/s 0 of 100 planned',
      '2s/30s  online 190  connecting 7  connects/s 92 of 100 planned  p50 4.12ms  p99 31.7ms  tcp-refused 3  kicked 1',
    ]);
  });

  it('says how many attempts wait to be started', () => {
    const one = line(0, { accepted: 27 });
    expect(logOf(30, [{ ...one, total: { ...one.total, notStarted: 73 } }])[0]).toContain(
      'connects/s 27 of 100 planned  not started 73  p50',
    );
  });

  it('adds seconds of a longer run up, and names the slowest of them', () => {
    const lines = [0, 1, 2, 3, 4].map((at) => line(at, { accepted: 100 }, {}, at === 2 ? 90_000 : 5_000));
    expect(logOf(300, lines)).toEqual([
      '5s/5m  online 190  connecting 7  connects/s 100 of 100 planned  slowest second: p50 4.12ms  p99 90ms',
    ]);
  });

  it('says at once what happens for the first time, and at the end what is left', () => {
    const lines = [line(0, {}), line(1, { 'refused-3': 9 }), line(2, { 'refused-3': 8 }), line(3, { 'refused-3': 7 })];
    expect(logOf(300, lines).map((text) => text.replace(/ {2}online.*planned/, ''))).toEqual([
      '2s/5m  refused-3 9',
      '4s/5m  refused-3 15',
    ]);
  });

  it.each([
    [60, 60],
    [90, 45],
    [600, 60],
    [86_400, 48],
  ])('has at most some sixty lines: of %i s, %i', (seconds, expected) => {
    const lines = Array.from({ length: seconds }, (_, at) => line(at, { accepted: 1 }));
    expect(logOf(seconds, lines)).toHaveLength(expected);
  });

  it('passes no control characters of the service on', () => {
    expect(logOf(30, [line(0, { 'x\u001b[2J': 1 })]).join()).not.toContain('\u001b');
  });
});
