import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hlogLines } from '../../src/metrics/hlog/hlog.ts';
import { unplannedCohort } from '../../src/metrics/measure/cohorts.ts';
import { Recorder } from '../../src/metrics/measure/recorder.ts';
import type { Snapshot } from '../../src/metrics/measure/snapshot.ts';
import type { MergedInterval } from '../../src/metrics/merge/merge.ts';
import { partOf } from '../../src/plan/split.ts';
import type { TimelineLine } from '../../src/results/timeline-line.ts';
import { EventCourse } from '../../src/run/events/event-course.ts';
import { IntervalCollector } from '../../src/run/interval-collector.ts';
import { countedShards } from '../../src/run/plan/shards.ts';
import type { RunNews } from '../../src/run/run-news.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { mergeShares } from '../../src/shares/merge/merge-shares.ts';
import { readShareSet } from '../../src/shares/merge/share-set.ts';
import { attemptRecord } from '../fixtures/attempts.ts';
import { gaugesOf, steady } from '../fixtures/online.ts';
import { smallScenario } from '../fixtures/shares/loaded.ts';
import { writeShare } from '../fixtures/shares/written-share.ts';

const INTERVALS = 3;
const SEC = 1_000_000;
const FLEETS = ['meters', 'gateways'];

/** Something that happened in one worker, and what came of it. */
interface Happening {
  readonly worker: number;
  readonly interval: number;
  readonly fleet: number;
  readonly what: 'accepted' | 'refused-4' | 'auth-460' | 'lost' | 'back' | 'kicked';
  readonly us: number;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  worker: fc.nat(7),
  interval: fc.nat(INTERVALS - 1),
  fleet: fc.nat(FLEETS.length - 1),
  what: fc.constantFrom('accepted', 'refused-4', 'auth-460', 'lost', 'back', 'kicked'),
  us: fc.integer({ min: 1, max: 3_000_000_000 }),
});
/** Numbers of workers of the shares, and in which order the snapshots of each were heard. */
const dealing = fc.record({
  workers: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
  keys: fc.array(fc.nat(1_000), { minLength: 12 * INTERVALS, maxLength: 12 * INTERVALS }),
});

function happens(recorder: Recorder, { fleet, what, interval, us }: Happening): void {
  const own = recorder.fleet(fleet);
  const atUs = interval * SEC + (us % SEC);
  const cohort = unplannedCohort(atUs);
  if (what === 'lost') {
    own.ended('reset', `for ${us % 3}`);
    own.cohorts.lostBy(own.cohorts.lost(cohort, atUs).cohort, 'reset');
  } else if (what === 'back') {
    own.cohorts.recovered({ cohort, lostUs: atUs - 10_000, attempts: us % 5 }, atUs);
  } else if (what === 'kicked') {
    own.kicked(1 + (us % 3), us, us % 2 === 0 ? undefined : us);
  } else {
    own.started(us % 2 === 0, us % 5_000);
    const detail = what === 'accepted' ? undefined : `cause ${us % 40}`;
    own.attempt(attemptRecord({ outcome: what, startedUs: us % 5_000, endedUs: us, tcpUs: us / 3, detail }), 0);
    if (us % 7 === 0) own.stalled(what, us % 100_000);
  }
}

/** What each worker posts. */
function snapshotsOf(happenings: readonly Happening[], workers: number): Snapshot[][] {
  return Array.from({ length: workers }, (_, worker) => {
    const recorder = new Recorder(worker, FLEETS);
    return Array.from({ length: INTERVALS }, (_unused, interval) => {
      const own = happenings.filter((one) => one.worker % workers === worker && one.interval === interval);
      for (const one of own) happens(recorder, one);
      const health = { eventLoopDelayP99Us: own.length, eventLoopDelayMaxUs: worker, cpuShare: worker / 10 };
      return recorder.takeSnapshot(interval, health, [gaugesOf(steady(own.length))], interval === INTERVALS - 1);
    });
  });
}

interface Made {
  readonly figures: object;
  readonly timeline: readonly TimelineLine[];
  readonly hlog: string;
}

/** Collects what a run makes of its intervals. */
class Intervals {
  readonly timeline: TimelineLine[] = [];
  hlog = '';

  readonly add = (line: TimelineLine, merged: MergedInterval): void => {
    this.timeline.push(line);
    this.hlog += hlogLines(merged);
  };
}

/** What one coordinator makes of all workers at once. */
function madeAtOnce(scenario: Scenario, workers: readonly number[], snapshots: readonly Snapshot[][]): Made {
  const shards = workers.flatMap((own, at) =>
    countedShards(scenario, partOf({ index: at + 1, of: workers.length }, own)),
  );
  const intervals = new Intervals();
  const collector = new IntervalCollector(shards, scenario, new EventCourse([]), intervals.add);
  for (let interval = 0; interval < INTERVALS; interval++) {
    for (const own of snapshots) {
      const snapshot = own[interval];
      if (snapshot !== undefined) collector.add(snapshot);
    }
  }
  for (const worker of shards.keys()) collector.workerGone(worker, false);
  const { total, fleets, disturbances } = collector.finish();
  return { figures: { total, fleets, disturbances }, timeline: intervals.timeline, hlog: intervals.hlog };
}

/** What is merged of the same, dealt into shares that heard it in any order. */
async function madeOfShares(
  scenario: Scenario,
  workers: readonly number[],
  snapshots: readonly Snapshot[][],
  keys: readonly number[],
): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-property-'));
  try {
    let before = 0;
    const folders: string[] = [];
    for (const [at, own] of workers.entries()) {
      const heard = snapshots
        .slice(before, before + own)
        .flatMap((all, worker) => all.map((one) => ({ ...one, worker })));
      const key = (snapshot: Snapshot): number => keys[(before + snapshot.worker) * INTERVALS + snapshot.interval] ?? 0;
      const news = heard.sort((a, b) => key(a) - key(b)).map((snapshot): RunNews => ({ type: 'snapshot', snapshot }));
      const ends = Array.from({ length: own }, (_, worker): RunNews => {
        return { type: 'worker-end', worker, end: { state: 'finished' } };
      });
      const path = join(folder, String(at));
      await writeShare(path, {
        scenario,
        part: { index: at + 1, of: workers.length },
        news: [...news, ...ends],
        workers: own,
      });
      folders.push(path);
      before += own;
    }
    const set = await readShareSet([...folders].reverse());
    if (!set.ok) throw new Error(set.faults.join('\n'));
    const intervals = new Intervals();
    const { total, fleets, disturbances } = await mergeShares(set.shares, { onInterval: intervals.add });
    return { figures: { total, fleets, disturbances }, timeline: intervals.timeline, hlog: intervals.hlog };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('merging shares, however a run was dealt into them and in whatever order they heard it, is counting it all at once', async () => {
  const scenario = await smallScenario({
    duration: '3s',
    fleets: FLEETS.map((name, at) => ({
      ...{ name, productKey: 'a1Product', devices: 30 + at },
      ...{ connect: { arrival: 'ramp', over: '2s' }, duplicates: { fraction: '10%', copies: 3 } },
    })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 60 }), dealing, async (happenings, { workers, keys }) => {
      const snapshots = snapshotsOf(
        happenings,
        workers.reduce((sum, own) => sum + own, 0),
      );
      const made = await madeOfShares(scenario, workers, snapshots, keys);
      expect(made).toEqual(madeAtOnce(scenario, workers, snapshots));
    }),
    { numRuns: 25 },
  );
});
