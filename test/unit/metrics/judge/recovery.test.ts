import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FallWatch, type FleetNews } from '../../../../src/metrics/judge/falls.ts';
import { type PlannedEvent, RecoveryTracker } from '../../../../src/metrics/judge/recovery.ts';
import {
  type CohortId,
  type CohortRecorder,
  isUnplanned,
  type Loss,
  unplannedCohort,
} from '../../../../src/metrics/measure/cohorts.ts';
import { FleetRecorder } from '../../../../src/metrics/measure/recorder.ts';
import { type EventId, eventId } from '../../../../src/plan/timetable.ts';
import type { Disturbance } from '../../../../src/results/summary/disturbance.ts';
import { type FleetSecond, intervals } from './storm-intervals.ts';

const SEC = 1_000_000;
const FLEETS = [{ name: 'meters', policy: 'paho-java' }];
const DROP: PlannedEvent = { kind: 'drop', label: 'drop them', startUs: 2 * SEC };

function track(seconds: readonly FleetSecond[], events: readonly PlannedEvent[] = [DROP], share = 0.05): Disturbance[] {
  const tracker = new RecoveryTracker((event) => events[event], FLEETS, share);
  for (const merged of intervals(
    seconds,
    ['meters'],
    events.map(({ startUs }) => startUs),
  ))
    tracker.add(merged);
  return tracker.disturbances();
}

/** Sessions lost at an instant. */
function lose(cohorts: CohortRecorder, cohort: CohortId, count: number, atUs: number): Loss[] {
  return Array.from({ length: count }, () => {
    cohorts.lostBy(cohort, 'dropped');
    return cohorts.lost(cohort, atUs);
  });
}

describe('a planned disturbance', () => {
  it('has exact figures', () => {
    let lost: Loss[] = [];
    const [disturbance, ...others] = track([
      { interval: 0, online: 60 },
      { interval: 1, online: 100 },
      {
        interval: 2,
        online: 50,
        onlineMin: 0,
        play: (cohorts) => {
          lost = lose(cohorts, eventId(0), 100, 2 * SEC);
          // All try at 2.25 s, 40 are refused and 10 of them try once more at 2.95 s.
          for (const loss of lost) cohorts.attempt(loss, 2.25 * SEC);
          for (const loss of lost.slice(60)) cohorts.refused(loss, 'refused-3');
          for (const loss of lost.slice(0, 50)) cohorts.recovered(loss, 2.3 * SEC);
          for (const loss of lost.slice(60, 70)) cohorts.attempt(loss, 2.95 * SEC);
        },
      },
      {
        interval: 3,
        online: 98,
        onlineMin: 49,
        play: (cohorts) => {
          cohorts.lostAgain(eventId(0));
          for (const loss of lost.slice(50, 95)) cohorts.recovered(loss, 3.5 * SEC);
          for (const loss of lost.slice(95, 98)) cohorts.recovered(loss, 3.99 * SEC);
        },
      },
      {
        interval: 4,
        online: 99,
        play: (cohorts) => lost.slice(98, 99).map((loss) => cohorts.recovered(loss, 4.01 * SEC)),
      },
      { interval: 5, online: 99, play: (cohorts) => lost.slice(99).map((loss) => cohorts.stillOffline(loss, 6 * SEC)) },
    ]);
    expect(others).toEqual([]);
    expect(disturbance).toMatchObject({ id: 0, event: 0, kind: 'drop', label: 'drop them', startSec: 2 });
    const { curve, ...figures } = disturbance?.total ?? { curve: [] };
    expect(figures).toEqual({
      lost: 100,
      recovered: 99,
      neverRecovered: 1,
      lostBy: { dropped: 100 },
      lowestOnline: 0,
      t50Sec: 0.3,
      t95Sec: 1.5,
      t99Sec: 2.01,
      peakAttemptsPerSec: 110,
      peakAttemptsPer100Ms: 100,
      attemptsPerRecovered: { mean: 109 / 99, p99: 2, max: 2 },
      refusals: { 'refused-3': 40 },
      longestOfflineSec: 4,
      secondWaves: 1,
    });
    expect(curve).toEqual([
      [0.3, 50],
      [1.5, 95],
      [1.99, 98],
      [2.01, 99],
    ]);
    expect(disturbance?.fleets).toEqual([{ name: 'meters', policy: 'paho-java', figures: disturbance?.total }]);
  });

  it('has a T100 when all are back', () => {
    const [disturbance] = track([
      { interval: 1, online: 10 },
      {
        interval: 2,
        online: 10,
        onlineMin: 6,
        play: (cohorts) => {
          for (const [index, loss] of lose(cohorts, eventId(0), 4, 2 * SEC).entries()) {
            cohorts.recovered(loss, 2 * SEC + (index + 1) * 100_000);
          }
        },
      },
    ]);
    expect(disturbance?.total).toMatchObject({ neverRecovered: 0, t50Sec: 0.2, t100Sec: 0.4, lowestOnline: 6 });
  });

  it('without a loss is none', () => {
    expect(track([{ interval: 2, online: 10 }])).toEqual([]);
  });

  it('is told for the fleets that lost sessions only', () => {
    const tracker = new RecoveryTracker(() => DROP, [...FLEETS, { name: 'others', policy: 'mosquitto' }], 0.05);
    const seconds = [
      {
        fleet: 1,
        interval: 2,
        online: 1,
        play: (cohorts: CohortRecorder) => void lose(cohorts, eventId(0), 3, 2 * SEC),
      },
    ];
    for (const merged of intervals(seconds, ['meters', 'others'], [DROP.startUs])) tracker.add(merged);
    expect(tracker.disturbances()[0]?.fleets.map(({ name, policy }) => [name, policy])).toEqual([
      ['others', 'mosquitto'],
    ]);
  });
});

describe('lowest online', () => {
  const lossOf10: FleetSecond = {
    interval: 2,
    online: 90,
    onlineMin: 90,
    play: (cohorts) => void lose(cohorts, eventId(0), 10, 2 * SEC),
  };

  it('leaves out the time in which sessions are ended in order', () => {
    const [drop] = track([{ interval: 1, online: 100 }, lossOf10, { interval: 3, online: 0, onlineMin: undefined }]);
    expect(drop?.total).toMatchObject({ lost: 10, neverRecovered: 10, lowestOnline: 90 });
  });

  it('leaves out an interval in which one of the workers has begun to end its sessions', () => {
    const [drop] = track([
      ...[0, 1].map((worker) => ({ ...lossOf10, worker })),
      { worker: 0, interval: 3, online: 0, onlineMin: undefined },
      { worker: 1, interval: 3, online: 0, onlineMin: 0 },
    ]);
    expect(drop?.total).toMatchObject({ lost: 20, lowestOnline: 180 });
  });
});

describe('a disturbance that nobody planned', () => {
  const fall = (interval: number, count: number, online: number): FleetSecond => ({
    interval,
    online,
    play: (cohorts) => void lose(cohorts, unplannedCohort((interval + 0.5) * SEC), count, (interval + 0.5) * SEC),
  });

  it.each([
    [5, 0],
    [6, 1],
  ])('%d of 100 lost within a second: %d', (count, noticed) => {
    const found = track([{ interval: 0, online: 100 }, fall(1, count, 100 - count)], []);
    expect(found).toHaveLength(noticed);
  });

  it('is told as such', () => {
    const [disturbance] = track([{ interval: 0, online: 100 }, fall(1, 50, 50)], []);
    expect(disturbance).toMatchObject({ kind: 'noticed', startSec: 1.5, total: { lost: 50, neverRecovered: 50 } });
  });

  it('is one when it goes on into the next second', () => {
    const found = track([{ interval: 0, online: 100 }, fall(1, 30, 70), fall(2, 20, 50), fall(4, 10, 40)], []);
    expect(found.map(({ startSec, total }) => [startSec, total.lost])).toEqual([
      [1.5, 50],
      [4.5, 10],
    ]);
  });

  it('in the first second does not join the first event', () => {
    const found = track([
      fall(0, 8, 2),
      { interval: 2, online: 1, play: (cohorts) => void lose(cohorts, eventId(0), 1, 2 * SEC) },
    ]);
    expect(found.map(({ kind, total }) => [kind, total.lost])).toEqual([
      ['noticed', 8],
      ['drop', 1],
    ]);
  });

  it('counts its times from its first session lost', () => {
    const [disturbance] = track(
      [
        { interval: 0, online: 10 },
        fall(1, 5, 5),
        {
          interval: 2,
          online: 5,
          play: (cohorts) => {
            const [loss] = lose(cohorts, unplannedCohort(2.2 * SEC), 1, 2.2 * SEC);
            if (loss !== undefined) cohorts.recovered(loss, 2.7 * SEC);
          },
        },
      ],
      [],
    );
    expect(disturbance?.total.curve).toEqual([[1.2, 1]]);
  });
});

/** Sessions of a fleet of so many that are lost one after the other, and back each after a time; what happened in each second. */
function course(
  size: number,
  lostUs: readonly number[],
  offlineUs: number,
  cohortOf: (atUs: number) => CohortId = unplannedCohort,
): FleetSecond[] {
  const losses = lostUs.map((atUs) => ({ atUs, backUs: atUs + offlineUs, loss: undefined as Loss | undefined }));
  const last = Math.ceil(Math.max(...losses.map(({ backUs }) => backUs)) / SEC);
  return Array.from({ length: last + 1 }, (_, interval) => {
    const isIn = (atUs: number): boolean => Math.floor(atUs / SEC) === interval;
    const endUs = (interval + 1) * SEC;
    const online = size - losses.filter(({ atUs, backUs }) => atUs < endUs && backUs >= endUs).length;
    return {
      interval,
      online,
      play: (cohorts: CohortRecorder) => {
        for (const one of losses) {
          if (isIn(one.atUs)) one.loss = cohorts.lost(cohortOf(one.atUs), one.atUs);
          if (isIn(one.backUs) && one.loss !== undefined) cohorts.recovered(one.loss, one.backUs);
        }
      },
    };
  });
}

describe('a fall that nobody planned', () => {
  const told = (seconds: readonly FleetSecond[], events: readonly PlannedEvent[] = []): unknown[] =>
    track(seconds, events).map(({ kind, startSec, total }) => [kind, startSec, total.lost, total.neverRecovered]);

  it('over three seconds, slow at first, has all its sessions from the first on', () => {
    // As a service that closes its sockets one after the other: 1 in the first 0.3 s, 900 in 3 s. In no second of the first two is a twentieth lost.
    const lostUs = Array.from({ length: 900 }, (_, index) => 7.9 * SEC + 3 * SEC * Math.cbrt(index / 900));
    const [fall, ...others] = track(course(900, lostUs, 3 * SEC), []);
    expect(others).toEqual([]);
    expect(fall).toMatchObject({ kind: 'noticed', startSec: 7.9 });
    expect(fall?.total).toMatchObject({ lost: 900, recovered: 900, neverRecovered: 0 });
    expect(fall?.total.longestOfflineSec).toBeCloseTo(3, 6);
    // The middle one was lost 2.38 s after the first, and was away for 3 s.
    expect(fall?.total.t50Sec).toBeCloseTo(5.38, 1);
  });

  it('of which no second is worth notice is noticed by what is offline at once', () => {
    const lostUs = Array.from({ length: 100 }, (_, index) => 5 * SEC + index * 30_000);
    expect(told(course(1_000, lostUs, 4 * SEC))).toEqual([['noticed', 5, 100, 0]]);
    // As many, each back at once: online never fell by more than 1.
    expect(told(course(1_000, lostUs, 20_000))).toEqual([]);
  });

  it('is not begun by losses that are as usual', () => {
    const usualUs = Array.from({ length: 300 }, (_, index) => index * 100_000);
    const fallUs = Array.from({ length: 1_000 }, (_, index) => 30.02 * SEC + index * 100);
    const [fall, ...others] = track(
      course(
        10_000,
        [...usualUs, ...fallUs].sort((a, b) => a - b),
        SEC / 2,
      ),
      [],
    );
    expect(others).toEqual([]);
    expect(fall).toMatchObject({ startSec: 30.02, total: { lost: 1_000, recovered: 1_000 } });
  });

  it('is over when sessions are lost one by one', () => {
    const fallUs = Array.from({ length: 8_000 }, () => 5 * SEC);
    const afterUs = Array.from({ length: 200 }, (_, index) => 5.1 * SEC + index * 100_000);
    const [fall] = track(course(10_000, [...fallUs, ...afterUs], SEC), []);
    expect(fall?.total).toMatchObject({ lost: 8_000, recovered: 8_000, t100Sec: 1 });
  });

  it('counts its times from its first session lost, by its own instant', () => {
    const [fall] = track(
      course(
        100,
        Array.from({ length: 50 }, () => 3.99 * SEC),
        400_000,
      ),
      [],
    );
    expect(fall).toMatchObject({ startSec: 3.99, total: { t50Sec: 0.4, t100Sec: 0.4 } });
  });

  it('that is never noticed leaves nothing: news is kept for ten seconds', () => {
    const lostUs = Array.from({ length: 200 }, (_, index) => index * SEC);
    const watch = new FallWatch(0.05, () => {
      throw new Error('nothing falls');
    });
    const kept = intervals(course(1_000, lostUs, 15 * SEC)).map((merged) => {
      const news = merged.total.cohorts.flatMap((one): FleetNews[] => {
        const { cohort } = one;
        return isUnplanned(cohort) ? [[0, { ...one, cohort }]] : [];
      });
      watch.add(merged, news);
      return watch.keptNews;
    });
    expect(Math.max(...kept)).toBeLessThanOrEqual(11);
    expect(kept.at(-1)).toBe(0);
  });
});

it('a disturbance keeps its id when one that began earlier is noticed after it', () => {
  const slowly = [1, 1.5, 2, 2.5, 3, 3.5, 4].map((sec) => sec * SEC);
  const seconds = course(100, slowly, 60 * SEC).map((second) => ({
    ...second,
    play: (cohorts: CohortRecorder) => {
      second.play?.(cohorts, new FleetRecorder('meters'));
      if (second.interval === 2) lose(cohorts, eventId(0), 10, 2 * SEC);
    },
  }));
  const ids = (until: number): unknown[] =>
    track(seconds.slice(0, until), [DROP]).map(({ id, kind, startSec }) => [id, kind, startSec]);
  expect(ids(3)).toEqual([[0, 'drop', 2]]);
  expect(ids(6)).toEqual([
    [1, 'noticed', 1],
    [0, 'drop', 2],
  ]);
});

describe('planned losses close together', () => {
  const at = (startUs: number): PlannedEvent => ({ kind: 'drop', label: 'drop', startUs });
  const counts = (disturbances: readonly Disturbance[]): unknown[] =>
    disturbances.map(({ event, total }) => [event, total.lost, total.recovered, total.secondWaves]);

  it('two drops in one second are two disturbances', () => {
    const lostUs = [...Array.from({ length: 40 }, () => 2.2 * SEC), ...Array.from({ length: 30 }, () => 2.8 * SEC)];
    const events = [at(2.2 * SEC), at(2.8 * SEC)];
    const cohortOf = (atUs: number): EventId => eventId(atUs < 2.5 * SEC ? 0 : 1);
    expect(counts(track(course(100, lostUs, SEC, cohortOf), events))).toEqual([
      [0, 40, 40, 0],
      [1, 30, 30, 0],
    ]);
  });

  it('a drop during a recovery loses some again', () => {
    const events = [at(2 * SEC), at(3 * SEC)];
    let lost: Loss[] = [];
    const found = track(
      [
        { interval: 1, online: 100 },
        {
          interval: 2,
          online: 50,
          play: (cohorts) => {
            lost = lose(cohorts, eventId(0), 100, 2 * SEC);
            for (const loss of lost.slice(0, 50)) cohorts.recovered(loss, 2.5 * SEC);
          },
        },
        {
          interval: 3,
          online: 90,
          play: (cohorts) => {
            for (let n = 0; n < 10; n++) cohorts.lostAgain(eventId(0));
            lose(cohorts, eventId(1), 10, 3 * SEC);
            for (const loss of lost.slice(50)) cohorts.recovered(loss, 3.4 * SEC);
          },
        },
      ],
      events,
    );
    expect(counts(found)).toEqual([
      [0, 100, 100, 10],
      [1, 10, 0, 0],
    ]);
  });
});

it('is the same however many workers saw it', () => {
  const session = fc.record({
    lostUs: fc.integer({ min: 2 * SEC, max: 2.4 * SEC }),
    offlineUs: fc.integer({ min: 1, max: 2.5 * SEC }),
    attempts: fc.integer({ min: 1, max: 4 }),
    comesBack: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(session, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 2, max: 4 }),
      (sessions, workers) => {
        const play = (count: number): Disturbance[] => {
          const seconds: FleetSecond[] = [];
          for (let worker = 0; worker < count; worker++) {
            const own = sessions.filter((_, index) => index % count === worker);
            const losses = new Map<(typeof own)[number], Loss>();
            for (let interval = 2; interval <= 4; interval++) {
              seconds.push({
                worker,
                interval,
                online: 0,
                play: (cohorts) => {
                  for (const part of own) {
                    if (interval === 2) losses.set(part, cohorts.lost(eventId(0), part.lostUs));
                    const loss = losses.get(part);
                    if (loss === undefined) continue;
                    if (interval === 2)
                      for (let n = 0; n < part.attempts; n++) cohorts.attempt(loss, part.lostUs + n * 7_000);
                    const backUs = part.lostUs + part.offlineUs;
                    if (part.comesBack && Math.floor(backUs / SEC) === interval) cohorts.recovered(loss, backUs);
                    if (!part.comesBack && interval === 4) cohorts.stillOffline(loss, 5 * SEC);
                  }
                },
              });
            }
          }
          return track(seconds);
        };
        expect(play(workers)).toEqual(play(1));
      },
    ),
  );
});
