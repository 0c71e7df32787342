import { describe, expect, it } from 'vitest';
import type { LiveCourse } from '../../../../src/report/live/live-state.ts';
import { LogLines } from '../../../../src/report/live/log-lines.ts';
import type { TimelineLine } from '../../../../src/results/timeline-line.ts';
import { flatPercentiles } from '../../metrics/judge/summaries.ts';
import { EVENTS } from './a-storm.ts';

function line(
  interval: number,
  outcomes: Record<string, number>,
  ended: Record<string, number> = {},
  p99Us = 31_700,
): TimelineLine {
  const accepted = outcomes['accepted'] ?? 0;
  const total = {
    planned: 100,
    started: 100,
    retries: 3,
    online: 190,
    connecting: 7,
    waiting: 2,
    slipMaxUs: 0,
    outcomes,
    ended,
    latency: accepted === 0 ? {} : { response: { ...flatPercentiles(accepted, 4_120), p99Us } },
  };
  return { interval, startSec: interval, endSec: interval + 1, total, fleets: { meters: total }, workers: [] };
}

const NO_COURSE = { events: [], disturbances: [] };

function logOf(durationSec: number, lines: readonly TimelineLine[], course: LiveCourse = NO_COURSE): string[] {
  const log = new LogLines(durationSec);
  return [...lines.flatMap((one) => log.add(one, course)), ...log.rest()];
}

describe('LogLines', () => {
  it('begins with what runs, and what is told of it', () => {
    const run = { scenario: 'quickstart', target: 'emulator', sessions: 1_000, plannedDurationSec: 60 };
    expect(new LogLines(60).intro(run, '2 worker threads')).toEqual([
      'Running quickstart against emulator: 1,000 sessions, 1m, 2 worker threads',
      'Told here: what changes. The verdict and all figures follow; docs/results.md explains them.',
    ]);
  });

  it('tells each second of a very short run in a line', () => {
    expect(logOf(12, [line(0, {}), line(1, { accepted: 92, 'tcp-refused': 3 }, { kicked: 1 })])).toEqual([
      '1s/12s  online 190  connecting 7  connects/s 0 of 100 planned',
      '2s/12s  online 190  connecting 7  connects/s 92 of 100 planned  p50 4.12ms  p99 31.7ms  tcp-refused 3  kicked 1',
    ]);
  });

  it('says how many attempts wait to be started', () => {
    const one = line(0, { accepted: 27 });
    expect(logOf(12, [{ ...one, total: { ...one.total, notStarted: 73 } }])[0]).toContain(
      'connects/s 27 of 100 planned  not started 73  p50',
    );
  });

  it('adds seconds of a longer run up, with the largest p99 of them', () => {
    const lines = [0, 1, 2, 3, 4].map((at) => line(at, { accepted: 100 }, {}, at === 2 ? 90_000 : 5_000));
    expect(logOf(60, lines)).toEqual([
      '5s/1m  online 190  connecting 7  connects/s 100 of 100 planned  p99 up to 90ms',
    ]);
  });

  it('says nothing of a time in which nothing changes', () => {
    const still = (at: number): TimelineLine => {
      const one = line(at, {});
      return { ...one, total: { ...one.total, planned: 0, started: 0, retries: 0 } };
    };
    const lines = [line(0, { accepted: 100 }), ...Array.from({ length: 10 }, (_, at) => still(at + 1))];
    expect(logOf(12, lines)).toHaveLength(1);
  });

  it('calls what comes after the plan the end', () => {
    expect(logOf(2, [line(0, {}), line(1, {}), line(2, {}, { stopped: 190 })]).at(-1)).toMatch(
      /^end {2}online 190.*stopped 190$/,
    );
  });

  it('tells events and losses as they come', () => {
    const course = { events: EVENTS, disturbances: [] };
    expect(logOf(60, [line(14, {})], course)).toEqual([
      '15s/1m  event: admit 100 logins/s, others get CONNACK 3',
      '15s/1m  online 190  connecting 7  connects/s 0 of 100 planned',
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
    [12, 12],
    [15, 8],
    [60, 12],
    [600, 10],
    [3_600, 12],
    [28_800, 16],
  ])('has few lines: of %i s, %i', (seconds, expected) => {
    const lines = Array.from({ length: seconds }, (_, at) => line(at, { accepted: 1 }));
    expect(logOf(seconds, lines)).toHaveLength(expected);
  });

  it('passes no control characters of the service on', () => {
    expect(logOf(30, [line(0, { 'x\u001b[2J': 1 })]).join()).not.toContain('\u001b');
  });
});
