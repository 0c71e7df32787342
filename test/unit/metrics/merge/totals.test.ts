import { describe, expect, it } from 'vitest';
import { type FleetRecorder, Recorder } from '../../../../src/metrics/measure/recorder.ts';
import { IntervalMerger, type MergedInterval } from '../../../../src/metrics/merge/merge.ts';
import { timelineLine } from '../../../../src/metrics/merge/timeline.ts';
import { RunTotals } from '../../../../src/metrics/merge/totals.ts';
import { findMetric } from '../../../../src/results/names/metric-names.ts';
import { fleetSummarySchema } from '../../../../src/results/summary/fleet-summary.ts';
import { timelineLineSchema } from '../../../../src/results/timeline-line.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';
import { gaugesOf, steady } from '../../../fixtures/online.ts';

const HEALTH = { eventLoopDelayP99Us: 11, eventLoopDelayMaxUs: 22, cpuShare: 0.5 };
const PHASES = { dnsUs: -1, tcpUs: 10, tlsUs: -1, mqttUs: 20 };

/** One interval of a run with one worker. */
type Second = {
  readonly online: number;
  /** Left out: as at the end. */
  readonly onlineMax?: number;
  /** First attempts planned in it; left out: none. */
  readonly first?: number;
  readonly play: (fleet: FleetRecorder) => void;
};

function accept(fleet: FleetRecorder, times: number): void {
  for (let count = 0; count < times; count++) {
    fleet.started(false, 0);
    fleet.attempt(attemptRecord({ ...PHASES, endedUs: 100 }), 0);
  }
}

function refuse(fleet: FleetRecorder, times: number, detail: string): void {
  for (let count = 0; count < times; count++) {
    fleet.retryPlanned(0);
    fleet.started(true, 0);
    fleet.attempt(attemptRecord({ ...PHASES, outcome: 'refused-4', endedUs: 50, detail: detail }), 0);
  }
}

function intervals(seconds: readonly Second[], names: readonly string[] = ['meters']): MergedInterval[] {
  const recorder = new Recorder(0, names);
  const merger = new IntervalMerger(1, names, { inInterval: (interval) => [seconds[interval]?.first ?? 0] });
  return seconds.flatMap(({ online, onlineMax = online, play }, interval) => {
    play(recorder.fleet(0));
    return merger.add(recorder.takeSnapshot(interval, HEALTH, [gaugesOf(steady(online, { max: onlineMax }))]));
  });
}

describe('RunTotals', () => {
  it('adds up counters, peaks, outcomes and histograms', () => {
    const totals = new RunTotals([{ name: 'meters', sessions: 12 }]);
    for (const merged of intervals([
      { online: 4, first: 4, play: (fleet) => accept(fleet, 4) },
      { online: 10, onlineMax: 11, first: 5, play: (fleet) => accept(fleet, 6) },
      {
        online: 8,
        play: (fleet) => {
          refuse(fleet, 1, 'bad password');
          refuse(fleet, 2, 'worse password');
          fleet.started(true, 0);
          fleet.ended('kicked');
        },
      },
    ])) {
      totals.add(merged);
    }
    const { total, fleets } = totals.summary();
    expect(fleets).toHaveLength(1);
    expect(fleetSummarySchema.parse(fleets[0])).toMatchObject({
      name: 'meters',
      sessions: 12,
      ended: { kicked: 1 },
      online: { peak: 11, last: 8 },
      attempts: { planned: 12, firstPlanned: 9, started: 14, retries: 4, unfinished: 1 },
    });
    expect(total.outcomes).toEqual([
      { outcome: 'accepted', connackCode: 0, name: 'accepted', count: 10, share: 10 / 13, details: [] },
      {
        outcome: 'refused-4',
        connackCode: 4,
        name: 'bad user name or password',
        count: 3,
        share: 3 / 13,
        details: [
          { detail: 'worse password', count: 2 },
          { detail: 'bad password', count: 1 },
        ],
      },
    ]);
    expect(total.latency['response']?.['accepted']).toMatchObject({ count: 10, p50Us: 100, maxUs: 100 });
    expect(total.latency['response']?.['refused-4']).toMatchObject({ count: 3, p50Us: 50 });
    expect(total.latency['tls']).toBeUndefined();
  });

  it('tells what was seen of ends, the most frequent first', () => {
    const totals = new RunTotals([{ name: 'meters', sessions: 12 }]);
    const play = (fleet: FleetRecorder): void => {
      fleet.ended('protocol-error', 'the service sent DISCONNECT');
      fleet.ended('protocol-error', 'a second CONNACK, code 3');
      fleet.ended('protocol-error', 'a second CONNACK, code 3');
      fleet.ended('reset', 'ECONNRESET 127.0.0.1:1883');
      fleet.ended('stopped');
    };
    for (const merged of intervals([{ online: 4, play }])) totals.add(merged);
    expect(fleetSummarySchema.parse(totals.summary().total).endDetails).toEqual({
      'protocol-error': [
        { detail: 'a second CONNACK, code 3', count: 2 },
        { detail: 'the service sent DISCONNECT', count: 1 },
      ],
      reset: [{ detail: 'ECONNRESET 127.0.0.1:1883', count: 1 }],
    });
  });

  it('takes mean rates from the first to the last second of the arrivals', () => {
    const totals = new RunTotals([{ name: 'meters', sessions: 6 }]);
    const idle = { online: 0, play: () => undefined };
    const seconds = [
      idle,
      { online: 0, first: 4, play: (fleet: FleetRecorder) => accept(fleet, 4) },
      idle,
      { online: 0, first: 2, play: (fleet: FleetRecorder) => accept(fleet, 2) },
      idle,
    ];
    for (const merged of intervals(seconds)) totals.add(merged);
    expect(totals.summary().total.rate).toEqual({
      plannedPeakPerSec: 4,
      startedPeakPerSec: 4,
      acceptedPeakPerSec: 4,
      plannedMeanPerSec: 2,
      acceptedMeanPerSec: 2,
    });
  });

  describe('attempts of the plan that nobody started', () => {
    function late(): RunTotals {
      const totals = new RunTotals([{ name: 'meters', sessions: 100 }]);
      const seconds: Second[] = [
        { online: 20, first: 50, play: (fleet) => accept(fleet, 20) },
        {
          online: 24,
          play: (fleet) => {
            accept(fleet, 4);
            refuse(fleet, 1, 'no');
            fleet.started(false, 0);
            fleet.retryPlanned(1_500_000);
          },
        },
      ];
      for (const merged of intervals(seconds)) totals.add(merged);
      return totals;
    }

    it('may still be started while the run goes on: shares are of what has ended', () => {
      const { total } = late().summary();
      expect(total.attempts).toEqual({ planned: 52, firstPlanned: 50, started: 26, retries: 1, unfinished: 1 });
      expect(total.outcomes.map(({ count, share }) => [count, share])).toEqual([
        [24, 24 / 25],
        [1, 1 / 25],
      ]);
      expect(findMetric('accepted.ratio')?.read(total, [], undefined)).toEqual({ value: 24 / 25 });
      expect(findMetric('attempts.not-started')?.read(total, [], undefined)).toEqual({ value: 0 });
    });

    it('are a share without an outcome once it is over, of which every ratio is less', () => {
      const totals = late();
      totals.end();
      const { total, fleets } = totals.summary();
      expect(fleetSummarySchema.parse(total).attempts).toMatchObject({ planned: 52, started: 26, notStarted: 26 });
      expect(fleets[0]?.attempts.notStarted).toBe(26);
      expect(total.outcomes.map(({ count, share }) => [count, share])).toEqual([
        [24, 24 / 52],
        [1, 1 / 52],
      ]);
      const ratios = ['accepted.ratio', 'failed.ratio', 'refused-4.ratio', 'attempts.not-started'];
      expect(ratios.map((name) => findMetric(name)?.read(total, [], undefined))).toEqual([
        ...[{ value: 24 / 52 }, { value: 1 / 52 }, { value: 1 / 52 }, { value: 26 }],
      ]);
    });
  });

  it('is all zero for a run in which nothing happened', () => {
    const { total } = new RunTotals([{ name: 'meters', sessions: 5 }]).summary();
    expect(fleetSummarySchema.parse(total)).toMatchObject({ sessions: 5, outcomes: [], latency: {} });
  });

  it('sums fleets into the total', () => {
    const totals = new RunTotals([
      { name: 'meters', sessions: 5 },
      { name: 'gateways', sessions: 2 },
    ]);
    for (const merged of intervals([{ online: 3, play: (fleet) => accept(fleet, 3) }], ['meters', 'gateways'])) {
      totals.add(merged);
    }
    const { total, fleets } = totals.summary();
    expect(total).toMatchObject({ name: 'all fleets', sessions: 7, online: { peak: 3 } });
    expect(fleets.map(({ name, attempts }) => [name, attempts.started])).toEqual([
      ['meters', 3],
      ['gateways', 0],
    ]);
  });
});

describe('timelineLine', () => {
  it('tells of an interval, with the percentiles of accepted attempts', () => {
    const [merged] = intervals([
      {
        online: 2,
        onlineMax: 3,
        first: 4,
        play: (fleet) => {
          accept(fleet, 2);
          refuse(fleet, 1, 'no');
        },
      },
    ]);
    if (merged === undefined) throw new Error('no interval');
    const line = timelineLineSchema.parse(timelineLine(merged));
    expect(line).toMatchObject({ interval: 0, startSec: 0, endSec: 1 });
    expect(line.total).toMatchObject({
      planned: 5,
      started: 3,
      retries: 1,
      notStarted: 2,
      outcomes: { accepted: 2, 'refused-4': 1 },
      online: 2,
      onlineMin: 2,
      onlineMax: 3,
    });
    expect(line.total.latency['response']).toMatchObject({ count: 2, p50Us: 100 });
    expect(line.fleets['meters']).toEqual(line.total);
    expect(line.workers).toEqual([{ worker: 0, online: 2, ...HEALTH }]);
  });
});
