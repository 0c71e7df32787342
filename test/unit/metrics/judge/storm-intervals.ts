import type { CohortRecorder } from '../../../../src/metrics/measure/cohorts.ts';
import { type FleetRecorder, Recorder } from '../../../../src/metrics/measure/recorder.ts';
import { IntervalMerger, type MergedInterval } from '../../../../src/metrics/merge/merge.ts';
import { instantsOf } from '../../../fixtures/event-instants.ts';
import { gaugesOf, steady } from '../../../fixtures/online.ts';

const HEALTH = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };

/** What one fleet of one worker does in one interval. */
export interface FleetSecond {
  readonly worker?: number;
  readonly fleet?: number;
  readonly interval: number;
  readonly online: number;
  /** Left out: as at the end. Undefined: sessions are ended in order. */
  readonly onlineMin?: number | undefined;
  readonly play?: (cohorts: CohortRecorder, recorder: FleetRecorder) => void;
}

/** Plays intervals on as many workers as they name, and merges them. */
export function intervals(
  seconds: readonly FleetSecond[],
  fleets = ['meters'],
  eventStartUs: readonly number[] = [],
): MergedInterval[] {
  const workers = 1 + Math.max(...seconds.map(({ worker = 0 }) => worker));
  const last = Math.max(...seconds.map(({ interval }) => interval));
  const merger = new IntervalMerger(workers, fleets);
  const recorders = Array.from(
    { length: workers },
    (_, worker) => new Recorder(worker, fleets, instantsOf(eventStartUs)),
  );
  const merged: MergedInterval[] = [];
  for (let interval = 0; interval <= last; interval++) {
    for (const [worker, recorder] of recorders.entries()) {
      const own = seconds.filter((part) => part.interval === interval && (part.worker ?? 0) === worker);
      const gauges = fleets.map((_, fleet) => {
        const second = own.find((part) => (part.fleet ?? 0) === fleet);
        second?.play?.(recorder.fleet(fleet).cohorts, recorder.fleet(fleet));
        const online = second?.online ?? 0;
        const min = second !== undefined && 'onlineMin' in second ? second.onlineMin : online;
        return gaugesOf({ ...steady(online), min, low: min });
      });
      merged.push(...merger.add(recorder.takeSnapshot(interval, HEALTH, gauges)));
    }
  }
  return merged;
}
