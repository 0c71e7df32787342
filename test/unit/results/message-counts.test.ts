import { expect, test } from 'vitest';
import { Recorder } from '../../../src/metrics/measure/recorder.ts';
import { IntervalMerger } from '../../../src/metrics/merge/merge.ts';
import { RunTotals } from '../../../src/metrics/merge/totals.ts';
import { fleetSummarySchema } from '../../../src/results/summary/fleet-summary.ts';
import { NO_SESSIONS } from '../../fixtures/online.ts';

const HEALTH = { eventLoopDelayP99Us: 0, eventLoopDelayMaxUs: 0, cpuShare: 0 };

test('messages are added up over workers, intervals and fleets; a fleet without any has no counts of them', () => {
  const names = ['meters', 'gateways', 'silent'];
  const merger = new IntervalMerger(2, names);
  const totals = new RunTotals(names.map((name) => ({ name, sessions: 1 })));
  for (const worker of [0, 1]) {
    const recorder = new Recorder(worker, names);
    for (const interval of [0, 1]) {
      recorder.fleet(0).messages('published', 2);
      recorder.fleet(0).messages('acknowledged', 1);
      recorder.fleet(0).messages('refused', 0);
      recorder.fleet(1).messages('subscribed', 3);
      const snapshot = recorder.takeSnapshot(interval, HEALTH, [NO_SESSIONS, NO_SESSIONS, NO_SESSIONS]);
      for (const merged of merger.add(snapshot)) totals.add(merged);
    }
  }
  const { total, fleets } = totals.summary();
  expect(total.messages).toEqual({ subscribed: 12, refused: 0, published: 8, acknowledged: 4 });
  expect(fleets.map(({ messages }) => messages)).toEqual([
    { subscribed: 0, refused: 0, published: 8, acknowledged: 4 },
    { subscribed: 12, refused: 0, published: 0, acknowledged: 0 },
    undefined,
  ]);
  for (const summary of [total, ...fleets]) expect(fleetSummarySchema.safeParse(summary).error).toBeUndefined();
});
