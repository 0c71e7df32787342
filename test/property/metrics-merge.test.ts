import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/metrics/measure/recorder.ts';
import { IntervalMerger, type MergedInterval } from '../../src/metrics/merge/merge.ts';
import { timelineLine } from '../../src/metrics/merge/timeline.ts';
import { RunTotals } from '../../src/metrics/merge/totals.ts';
import { attemptRecord } from '../fixtures/attempts.ts';

const HEALTH = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };
const FLEETS = ['meters', 'gateways'];
const INTERVALS = 4;

interface Sample {
  readonly worker: number;
  readonly interval: number;
  readonly fleet: number;
  readonly outcome: 'accepted' | 'refused-4' | 'tcp-refused';
  readonly slipUs: number;
  readonly serviceUs: number;
}

const sample: fc.Arbitrary<Sample> = fc.record({
  worker: fc.nat(3),
  interval: fc.nat(INTERVALS - 1),
  fleet: fc.nat(FLEETS.length - 1),
  outcome: fc.constantFrom('accepted', 'refused-4', 'tcp-refused'),
  slipUs: fc.nat(5_000),
  serviceUs: fc.integer({ min: 1, max: 100_000_000 }),
});

/** Plays the samples on as many workers and merges their snapshots in the order of `keys`. */
function play(samples: readonly Sample[], workers: number, keys: readonly number[]): MergedInterval[] {
  const snapshots = Array.from({ length: workers }, (_, worker) => {
    const recorder = new Recorder(worker, FLEETS);
    return Array.from({ length: INTERVALS }, (_unused, interval) => {
      for (const part of samples) {
        if (part.worker % workers !== worker || part.interval !== interval) continue;
        const fleet = recorder.fleet(part.fleet);
        fleet.started(false, part.slipUs);
        const phases = { dnsUs: -1, tcpUs: part.serviceUs / 2, tlsUs: -1, mqttUs: -1 };
        fleet.attempt(
          attemptRecord({
            ...phases,
            outcome: part.outcome,
            startedUs: part.slipUs,
            endedUs: part.slipUs + part.serviceUs,
            detail: `from ${part.outcome}`,
          }),
          0,
        );
      }
      return recorder.takeSnapshot(interval, HEALTH, []);
    });
  }).flat();
  const merger = new IntervalMerger(workers, FLEETS);
  return snapshots
    .map((snapshot, index) => ({ snapshot, key: keys[index] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .flatMap(({ snapshot }) => merger.add(snapshot));
}

function results(merged: readonly MergedInterval[]) {
  const totals = new RunTotals(FLEETS.map((name) => ({ name, sessions: 1 })));
  for (const interval of merged) totals.add(interval);
  const lines = merged.map((interval) => ({ ...timelineLine(interval), workers: [] }));
  return { ...totals.summary(), lines };
}

describe('merging', () => {
  it('gives the same results however samples are split over workers and in whatever order snapshots arrive', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(1000), { minLength: 16, maxLength: 16 }),
        (samples, workers, keys) => {
          const alone = results(play(samples, 1, []));
          expect(results(play(samples, workers, keys))).toEqual(alone);
          expect(alone.lines).toHaveLength(INTERVALS);
          expect(alone.total.attempts.started).toBe(samples.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
