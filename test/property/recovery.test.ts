import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionLosses } from '../../src/device/session/losses.ts';
import { type PlannedEvent, RecoveryTracker } from '../../src/metrics/judge/recovery.ts';
import { unplannedCohort } from '../../src/metrics/measure/cohorts.ts';
import { Recorder } from '../../src/metrics/measure/recorder.ts';
import { IntervalMerger } from '../../src/metrics/merge/merge.ts';
import { eventId } from '../../src/plan/timetable.ts';
import { type Disturbance, disturbanceSchema } from '../../src/results/summary/disturbance.ts';
import { instantsOf } from '../fixtures/event-instants.ts';
import { gaugesOf, steady } from '../fixtures/online.ts';

const SEC = 1_000_000;
const HEALTH = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };
const FLEETS = ['meters', 'gateways'];
const WORKERS = 3;
const SESSIONS = 24;

/** Something happens to a session, which may be told a little later: lost if it is online, back if it is lost. */
interface Step {
  readonly atUs: number;
  readonly lagUs: number;
  readonly session: number;
  readonly isPlanned: boolean;
}

interface Played {
  readonly disturbances: readonly Disturbance[];
  /** Losses by event; -1: those that no event explains. */
  readonly lost: ReadonlyMap<number, number>;
  readonly back: ReadonlyMap<number, number>;
}

/** Plays steps on several workers and fleets; what the tracker makes of it, and what really happened. */
function play(steps: readonly Step[], events: readonly PlannedEvent[], share: number): Played {
  const starts = events.map(({ startUs }) => startUs);
  const recorders = Array.from({ length: WORKERS }, (_, worker) => new Recorder(worker, FLEETS, instantsOf(starts)));
  const sessions = Array.from({ length: SESSIONS }, (_, session) => {
    const recorder = recorders[session % WORKERS]?.fleet(session % FLEETS.length);
    if (recorder === undefined) throw new Error('no recorder');
    return { losses: new SessionLosses(recorder), cohort: undefined as number | undefined };
  });
  const [lost, back] = [new Map<number, number>(), new Map<number, number>()];
  const merger = new IntervalMerger(WORKERS, FLEETS);
  const tracker = new RecoveryTracker(
    (event) => events[event],
    FLEETS.map((name) => ({ name, policy: 'p' })),
    share,
  );
  const told = [...steps].sort((a, b) => a.atUs + a.lagUs - b.atUs - b.lagUs);
  const last = Math.floor(Math.max(0, ...told.map(({ atUs, lagUs }) => atUs + lagUs)) / SEC) + 1;
  for (let interval = 0; interval <= last; interval++) {
    for (const { atUs, session, isPlanned } of told.filter((s) => Math.floor((s.atUs + s.lagUs) / SEC) === interval)) {
      const one = sessions[session];
      if (one === undefined) continue;
      if (one.cohort === undefined) {
        const event = isPlanned ? starts.findLastIndex((startUs) => startUs <= atUs) : -1;
        one.cohort = event;
        one.losses.lose(event < 0 ? unplannedCohort(atUs) : eventId(event), atUs);
        one.losses.explain('reset');
        lost.set(event, (lost.get(event) ?? 0) + 1);
      } else {
        one.losses.attempt(atUs);
        one.losses.back(atUs);
        back.set(one.cohort, (back.get(one.cohort) ?? 0) + 1);
        one.cohort = undefined;
      }
    }
    const online = sessions.filter(({ cohort }) => cohort === undefined).length;
    for (const recorder of recorders) {
      const gauges = FLEETS.map(() => gaugesOf(steady(online)));
      for (const merged of merger.add(recorder.takeSnapshot(interval, HEALTH, gauges))) tracker.add(merged);
    }
  }
  return { disturbances: tracker.disturbances(), lost, back };
}

const step: fc.Arbitrary<Step> = fc.record({
  atUs: fc.integer({ min: 0, max: 25 * SEC }),
  lagUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 * SEC })),
  session: fc.nat(SESSIONS - 1),
  isPlanned: fc.boolean(),
});
const event: fc.Arbitrary<PlannedEvent> = fc
  .integer({ min: 0, max: 20 * SEC })
  .map((startUs) => ({ kind: 'drop', label: 'drop', startUs }));
const events = fc.array(event, { maxLength: 4 }).map((list) => [...list].sort((a, b) => a.startUs - b.startUs));

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}

describe('over random losses and returns', () => {
  it('every disturbance balances, and no loss is in two', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 150 }),
        events,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (steps, planned, share) => {
          const { disturbances, lost, back } = play(steps, planned, share);
          for (const disturbance of disturbances) {
            // Counts below zero are refused by the schema.
            disturbanceSchema.parse(disturbance);
            const parts = [disturbance.total, ...disturbance.fleets.map(({ figures }) => figures)];
            for (const figures of parts) {
              expect(figures.recovered + figures.neverRecovered).toBe(figures.lost);
              expect(figures.t50Sec ?? 0).toBeGreaterThanOrEqual(0);
              expect(figures.curve.at(-1)?.[1] ?? 0).toBe(figures.recovered);
            }
            expect(sum(disturbance.fleets.map(({ figures }) => figures.lost))).toBe(disturbance.total.lost);
          }
          const [ofEvents, noticed] = [
            disturbances.filter(({ event: id }) => id !== undefined),
            disturbances.filter(({ event: id }) => id === undefined),
          ];
          for (const { event: id, total } of ofEvents) {
            expect([total.lost, total.recovered]).toEqual([lost.get(id ?? -2), back.get(id ?? -2) ?? 0]);
          }
          expect(sum(ofEvents.map(({ total }) => total.lost)) + (lost.get(-1) ?? 0)).toBe(sum(lost.values()));
          expect(sum(noticed.map(({ total }) => total.lost))).toBeLessThanOrEqual(lost.get(-1) ?? 0);
          expect(sum(noticed.map(({ total }) => total.recovered))).toBeLessThanOrEqual(back.get(-1) ?? 0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('all losses are told where every loss is noticed', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 100 }), events, (steps, planned) => {
        const { disturbances, lost, back } = play(steps, planned, 0);
        expect(sum(disturbances.map(({ total }) => total.lost))).toBe(sum(lost.values()));
        expect(sum(disturbances.map(({ total }) => total.recovered))).toBe(sum(back.values()));
      }),
      { numRuns: 100 },
    );
  });
});
