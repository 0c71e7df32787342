import { describe, expect, it } from 'vitest';
import { Recorder } from '../../../../src/metrics/measure/recorder.ts';
import type { Snapshot } from '../../../../src/metrics/measure/snapshot.ts';
import { IntervalMerger, SnapshotError } from '../../../../src/metrics/merge/merge.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';
import { gaugesOf, steady } from '../../../fixtures/online.ts';

const HEALTH = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };
const PHASES = { dnsUs: -1, tcpUs: -1, tlsUs: -1, mqttUs: -1 };

/** A snapshot with `online` sessions, each accepted in this interval. */
function snapshot(worker: number, interval: number, online = 1, fleets = ['meters']): Snapshot {
  const recorder = new Recorder(worker, fleets);
  for (let session = 0; session < online; session++) {
    recorder.fleet(0).started(false, worker);
    recorder.fleet(0).attempt(attemptRecord({ ...PHASES, endedUs: 100 }), 0);
  }
  return recorder.takeSnapshot(interval, HEALTH, [gaugesOf(steady(online))]);
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof SnapshotError) return error.code;
    throw error;
  }
  return undefined;
}

describe('IntervalMerger', () => {
  it('gives an interval when the last worker has reported it', () => {
    const merger = new IntervalMerger(2, ['meters']);
    expect(merger.add(snapshot(1, 0, 2))).toEqual([]);
    const [merged, ...more] = merger.add(snapshot(0, 0, 3));
    expect(more).toEqual([]);
    expect(merged).toMatchObject({ interval: 0, missing: [] });
    expect(merged?.fleets[0]).toMatchObject({
      name: 'meters',
      attempts: { started: 5 },
      online: steady(5),
      slipMaxUs: 1,
    });
    expect(merged?.total).toMatchObject({ attempts: { started: 5 }, online: steady(5) });
    expect(merged?.total.histograms.get('response/accepted')?.totalCount).toBe(5);
    expect(merged?.health.map(({ worker }) => worker)).toEqual([0, 1]);
  });

  it('adds up the most and fewest online of workers, each of which knows its own over all its fleets', () => {
    const merger = new IntervalMerger(2, ['meters', 'boats']);
    const extremes = (min: number, max: number) => gaugesOf(steady(5, { min, max }));
    const taken = [0, 1].map((worker) =>
      new Recorder(worker, ['meters', 'boats']).takeSnapshot(0, HEALTH, [extremes(1, 9), extremes(2, 7)]),
    );
    const [first, second] = taken;
    if (first === undefined || second === undefined) throw new Error('two workers');
    merger.add({ ...first, online: steady(10, { min: 5, max: 12 }) });
    const [merged] = merger.add(second);
    expect(merged?.fleets.map(({ online }) => [online.min, online.max])).toEqual([
      [2, 18],
      [4, 14],
    ]);
    // Of the first worker 5 and 12; of the second, which does not say, the sums over its fleets.
    expect(merged?.total.online).toMatchObject({ last: 20, min: 5 + 3, max: 12 + 16 });
  });

  it('counts what is planned and not started, from interval to interval', () => {
    const merger = new IntervalMerger(1, ['meters'], { inInterval: (interval) => [[10, 5, 0][interval] ?? 0] });
    const startedIn = [4, 8, 9];
    const behind = startedIn.flatMap((count, interval) => {
      const recorder = new Recorder(0, ['meters']);
      for (let attempt = 0; attempt < count; attempt++) recorder.fleet(0).started(false, 0);
      if (interval === 1) recorder.fleet(0).retryPlanned(1_000_000);
      return merger.add(recorder.takeSnapshot(interval, HEALTH, []));
    });
    expect(behind.map(({ total }) => [total.attempts.planned, total.attempts.firstPlanned, total.notStarted])).toEqual([
      [10, 10, 6],
      [6, 5, 4],
      // Started in the first instants of an interval whose plan has not been told: none are behind.
      [0, 0, 0],
    ]);
  });

  it('holds an interval back until those before it are complete', () => {
    const merger = new IntervalMerger(1, ['meters']);
    expect(merger.add(snapshot(0, 1))).toEqual([]);
    expect(merger.add(snapshot(0, 0)).map(({ interval }) => interval)).toEqual([0, 1]);
  });

  it('does not wait for a worker that is gone, and drops its gauges', () => {
    const merger = new IntervalMerger(2, ['meters']);
    merger.add(snapshot(0, 0, 3));
    merger.add(snapshot(1, 0, 2));
    merger.add(snapshot(0, 1, 3));
    const [merged] = merger.workerGone(1);
    expect(merged).toMatchObject({ interval: 1, missing: [] });
    expect(merged?.total.online.last).toBe(3);
  });

  it('keeps what a worker reported before it was gone', () => {
    const merger = new IntervalMerger(2, ['meters']);
    merger.add(snapshot(1, 0, 2));
    expect(merger.workerGone(1)).toEqual([]);
    expect(merger.add(snapshot(0, 0, 3))[0]?.total.online.last).toBe(5);
  });

  it('gives everything when all workers are gone', () => {
    const merger = new IntervalMerger(2, ['meters']);
    merger.add(snapshot(0, 0));
    merger.add(snapshot(0, 2));
    merger.workerGone(0);
    expect(merger.workerGone(1).map(({ interval }) => interval)).toEqual([0, 1, 2]);
    expect(merger.flush()).toEqual([]);
  });

  it('flushes incomplete intervals with the workers that are missing', () => {
    const merger = new IntervalMerger(3, ['meters']);
    merger.add(snapshot(0, 0));
    merger.add(snapshot(2, 1));
    expect(merger.flush().map(({ interval, missing }) => [interval, missing])).toEqual([
      [0, [1, 2]],
      [1, [0, 1]],
    ]);
  });

  it('adds fleets up without touching them', () => {
    const merger = new IntervalMerger(1, ['meters', 'gateways']);
    const recorder = new Recorder(0, ['meters', 'gateways']);
    recorder.fleet(0).attempt(attemptRecord({ ...PHASES, endedUs: 100 }), 0);
    recorder.fleet(1).attempt(attemptRecord({ ...PHASES, endedUs: 300 }), 0);
    const [merged] = merger.add(recorder.takeSnapshot(0, HEALTH, []));
    const counts = [merged?.total, ...(merged?.fleets ?? [])].map(
      (fleet) => fleet?.histograms.get('response/accepted')?.totalCount,
    );
    expect(counts).toEqual([2, 1, 1]);
  });

  it('reports snapshots that it cannot merge', () => {
    const merger = new IntervalMerger(2, ['meters']);
    merger.add(snapshot(0, 0));
    expect(codeOf(() => merger.add(snapshot(0, 0)))).toBe('duplicate-snapshot');
    merger.add(snapshot(1, 0));
    expect(codeOf(() => merger.add(snapshot(1, 0)))).toBe('late-snapshot');
    expect(codeOf(() => merger.add(snapshot(2, 1)))).toBe('unknown-worker');
    expect(codeOf(() => merger.add(snapshot(0, 1, 1, ['boats'])))).toBe('unknown-fleet');
  });
});
