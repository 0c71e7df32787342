import { beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../../src/device/session/session.ts';
import { unplannedCohort } from '../../../../src/metrics/measure/cohorts.ts';
import { type DropWay, eventId } from '../../../../src/plan/timetable.ts';
import { NO_SESSIONS } from '../../../fixtures/online.ts';
import { newsOf, SessionBench } from './session-bench.ts';

const SEC = 1_000_000;

let bench: SessionBench;
let session: Session;
beforeEach(() => {
  bench = new SessionBench();
  session = bench.session();
});

describe('Session', () => {
  it('goes online, is stopped with DISCONNECT, and ends when the socket is gone', () => {
    bench.at(5_000);
    session.attempt(4_000);
    bench.link().accept(6_000);
    session.stop();
    expect(session.state).toBe('closing');
    bench.link().closed();
    expect(bench.link().calls).toEqual(['end']);
    expect(bench.opened.map(({ clientId }) => clientId)).toEqual(['device-7']);
    expect(bench.moves).toEqual(['planned>connecting', 'connecting>online', 'online>closing', 'closing>ended']);
    expect(bench.take()).toMatchObject({
      outcomes: { accepted: 1 },
      ended: { stopped: 1 },
      cohorts: [],
    });
  });

  it('counts what its opening took before the network was asked as slip', () => {
    bench.openingUs = 300;
    bench.at(5_000);
    session.attempt(4_000);
    expect(bench.openings).toEqual([5_300]);
    expect(bench.take()).toMatchObject({ attempts: { started: 1 }, slipMaxUs: 1_300 });
  });

  it('retries after a failure, planned from the failure and not from when it was noticed', () => {
    session.attempt(0);
    bench.at(20_000);
    bench.link().fail('refused-4', 15_000);
    expect(session.state).toBe('waiting');
    bench.at(SEC + 14_000);
    expect(bench.openings).toHaveLength(1);
    bench.at(SEC + 15_000);
    expect(bench.openings).toHaveLength(2);
    const { attempts, outcomes } = bench.take();
    expect(attempts).toEqual({ planned: 1, started: 2, retries: 1 });
    expect(outcomes).toEqual({ 'refused-4': 1 });
  });

  it('logs out in order when its stay is over, and is not lost by that', () => {
    bench.stayUs = 3 * SEC;
    session.attempt(0);
    bench.link().accept(1_000);
    bench.at(3 * SEC);
    expect(session.state).toBe('online');
    bench.at(3 * SEC + 1_000);
    expect(session.state).toBe('closing');
    expect(bench.link().calls).toEqual(['end']);
    bench.link().closed();
    bench.at(60 * SEC);
    session.stop();
    expect(bench.openings).toHaveLength(1);
    expect(bench.take()).toMatchObject({ outcomes: { accepted: 1 }, ended: { stopped: 1 }, cohorts: [] });
  });

  it('forgets its stay when it is lost before', () => {
    bench.stayUs = 3 * SEC;
    session.attempt(0);
    bench.link().accept(1_000);
    bench.at(2 * SEC);
    bench.link().lose();
    bench.at(3 * SEC);
    bench.link().accept();
    bench.at(5 * SEC);
    expect(session.state).toBe('online');
    bench.at(6 * SEC);
    expect(session.state).toBe('closing');
  });

  it('reconnects when it is lost', () => {
    session.attempt(0);
    bench.link().accept(1_000);
    bench.at(2_000);
    bench.link().lose();
    bench.at(SEC + 2_000);
    bench.link().accept();
    expect(session.state).toBe('online');
    expect(bench.take()).toMatchObject({
      attempts: { retries: 1 },
      outcomes: { accepted: 2 },
      ended: { 'closed-by-server': 1 },
    });
  });

  it('tells what was seen of its end, and nothing of an end that the run asked for', () => {
    const bench = new SessionBench();
    const session = bench.session();
    session.attempt(0);
    bench.made[0]?.accept();
    bench.made[0]?.lose('protocol-error');
    bench.time.pass(10_000_000);
    bench.made[1]?.accept();
    session.stop();
    const { ended, endDetails } = bench.recorder.take(NO_SESSIONS);
    expect(ended).toEqual({ 'protocol-error': 1, stopped: 1 });
    expect(endDetails).toEqual({ 'protocol-error: seen as protocol-error': 1 });
  });

  it('lets an attempt under way finish when the run stops, then leaves', () => {
    session.attempt(0);
    bench.isStopping = true;
    session.stop();
    expect(session.state).toBe('connecting');
    bench.link().accept(1_000);
    expect(bench.link().calls).toEqual(['end']);
    bench.link().closed();
    expect(session.state).toBe('ended');
    expect(bench.take()).toMatchObject({ outcomes: { accepted: 1 }, ended: { stopped: 1 } });
  });

  it.each(['failed', 'lost'])('does not retry after the stop: %s', (how) => {
    session.attempt(0);
    if (how === 'lost') bench.link().accept(1_000);
    bench.isStopping = true;
    if (how === 'lost') bench.link().lose('reset', 2_000);
    else bench.link().fail('connack-timeout', 2_000);
    expect([session.state, bench.wheel.size]).toEqual(['ended', 0]);
  });

  it('ends at once while it waits', () => {
    session.attempt(0);
    bench.link().fail();
    session.stop();
    expect([session.state, bench.wheel.size]).toEqual(['ended', 0]);
  });

  it('plans no attempt at or after the end of the plan', () => {
    bench.endUs = SEC;
    const late = bench.session();
    late.attemptAt(SEC);
    session.attempt(0);
    bench.link().fail('tcp-refused', 0);
    expect([session.state, bench.wheel.size]).toEqual(['waiting', 0]);
    expect(bench.take().attempts).toEqual({ started: 1 });
  });

  it.each(['stop', 'cut'] as const)('takes back a retry planned for after an early end of the plan: %s', (how) => {
    const other = bench.session();
    session.attempt(0);
    bench.link().fail('tcp-refused', 0);
    other.attempt(0);
    bench.link().fail('tcp-refused', 1_000);
    // The first one's retry is planned before the end, and nobody gets round to it.
    bench.endUs = SEC + 500;
    for (const one of [session, other]) one[how]();
    expect(bench.take().attempts).toEqual({ planned: 1, started: 2 });
  });

  it.each(['planned', 'connecting', 'online', 'waiting', 'closing', 'ended'])('can be cut while %s', (state) => {
    if (state !== 'planned') session.attempt(0);
    if (state === 'waiting') bench.link().fail();
    if (['online', 'closing', 'ended'].includes(state)) bench.link().accept(1_000);
    if (['closing', 'ended'].includes(state)) session.stop();
    if (state === 'ended') bench.link().closed();
    expect(session.state).toBe(state);
    session.cut();
    expect([session.state, bench.wheel.size]).toEqual(['ended', 0]);
    // A link that is cut while it closes may still tell that it is closed.
    if (state !== 'planned') bench.link().closed();
    expect(session.state).toBe('ended');
  });
});

describe('the ladder of a session', () => {
  /** Fails every attempt at once, as long as there are any. */
  function failAll(until: number): number[] {
    for (let attempt = 0; attempt < until; attempt++) {
      if (session.state !== 'connecting') bench.at(bench.time.nowUs() + 200 * SEC);
      if (session.state === 'connecting') bench.link().fail('refused-3');
    }
    return bench.openings.map((us) => us / SEC);
  }

  it('is climbed by refusals', () => {
    bench = new SessionBench({ policy: { growth: 'exponential', capUs: 4 * SEC } });
    session = bench.session();
    session.attempt(0);
    for (const due of [0, 1, 3, 7, 11]) {
      bench.at(due * SEC);
      bench.link().fail('refused-3');
    }
    expect(bench.openings.map((us) => us / SEC)).toEqual([0, 1, 3, 7, 11]);
  });

  it.each<[string, number, number[]]>([
    ['starts again with CONNACK', 0, [0, 1, 2, 3]],
    ['goes on when the session was not online for long enough', 20 * SEC, [0, 1, 3, 7]],
  ])('%s', (_name, resetAfterUs, expected) => {
    bench = new SessionBench({ policy: { growth: 'exponential', resetAfterUs } });
    session = bench.session();
    session.attempt(0);
    for (const due of expected) {
      bench.at(due * SEC);
      bench.link().accept();
      bench.link().lose();
    }
    expect(bench.openings.map((us) => us / SEC)).toEqual(expected);
  });

  it('starts again after the time online that it asks for, to the microsecond', () => {
    for (const [onlineUs, expectedWaitUs] of [
      [20 * SEC - 1, 2 * SEC],
      [20 * SEC, SEC],
    ] as const) {
      bench = new SessionBench({ policy: { growth: 'exponential', resetAfterUs: 20 * SEC } });
      session = bench.session();
      session.attempt(0);
      bench.link().fail();
      bench.at(SEC);
      bench.link().accept();
      bench.at(SEC + onlineUs);
      bench.link().lose();
      bench.at(60 * SEC);
      expect(bench.openings.at(-1)).toBe(Math.ceil((SEC + onlineUs + expectedWaitUs) / 1_000) * 1_000);
    }
  });

  it('counts from the last attempt where the policy says so', () => {
    const first = { kind: 'fixed', us: 2 * SEC } as const;
    bench = new SessionBench({ policy: { from: 'attempt', first, growth: 'linear', baseUs: 2 * SEC } });
    session = bench.session();
    session.attempt(0);
    bench.link().accept();
    bench.at(10 * SEC);
    // Online for longer than the wait: back at once, that is with the next tick.
    bench.link().lose();
    bench.at(10.001 * SEC);
    expect(bench.openings).toHaveLength(2);
    bench.at(11 * SEC);
    bench.link().fail();
    bench.at(12 * SEC);
    expect(bench.openings).toHaveLength(2);
    bench.at(12.001 * SEC);
    expect(bench.openings).toHaveLength(3);
  });

  it.each<[string, Record<number, 'retry' | 'stop'>, number]>([
    ['gives up after a code that stops it', { 3: 'stop' }, 1],
    ['goes on after the others', { 4: 'stop' }, 5],
  ])('%s', (_name, byCode, attempts) => {
    bench = new SessionBench({ policy: { onRefusal: { otherwise: 'retry', byCode } } });
    session = bench.session();
    session.attempt(0);
    expect(failAll(5)).toHaveLength(attempts);
    expect(session.state).toBe(attempts === 1 ? 'ended' : 'waiting');
  });

  it('gives up after its last attempt', () => {
    bench = new SessionBench({ policy: { maxAttempts: 2 } });
    session = bench.session();
    session.attempt(0);
    expect(failAll(6)).toHaveLength(3);
    expect([session.state, bench.wheel.size]).toEqual(['ended', 0]);
  });
});

describe('a loss that belongs to a disturbance', () => {
  const event = { event: eventId(0), fromUs: 10 * SEC, toUs: 12 * SEC };

  function online(atUs = 0): void {
    session.attempt(atUs);
    bench.link().accept();
    bench.at(10 * SEC);
  }

  beforeEach(() => {
    bench = new SessionBench({ lossWindows: [event], eventStartUs: [10 * SEC] });
    session = bench.session();
  });

  it('is followed until the session is back', () => {
    online();
    bench.at(10.2 * SEC);
    bench.link().lose('reset');
    bench.at(11.2 * SEC);
    bench.link().fail('refused-3');
    bench.at(12.2 * SEC);
    bench.link().accept();
    expect(newsOf(bench.take(), eventId(0))).toEqual({
      cohort: 0,
      lost: 1,
      firstLostUs: 10.2 * SEC,
      lostBy: [['reset', 1]],
      recoveredAt: [[220, 1]],
      attemptsNeeded: [[2, 1]],
      refusals: [['refused-3', 1]],
      attemptBins: [0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
      lostAgain: 0,
      longestOfflineUs: 2 * SEC,
    });
  });

  it('outside every window belongs to the tenth of a second it happened in', () => {
    online();
    bench.at(12 * SEC + 1_000);
    bench.link().lose();
    expect(bench.take().cohorts.map(({ cohort, lost }) => [cohort, lost])).toEqual([[-121, 1]]);
  });

  it('is a second wave when it comes before all are back', () => {
    online();
    session.drop('reset', eventId(0));
    bench.at(11 * SEC);
    bench.link().accept();
    bench.at(13 * SEC);
    bench.link().lose();
    const snapshot = bench.take();
    expect(newsOf(snapshot, eventId(0))).toMatchObject({ lost: 1, lostAgain: 1 });
    expect(newsOf(snapshot, unplannedCohort(13 * SEC))).toMatchObject({ lost: 1, lostAgain: 0 });
  });

  it('is not followed when the session never comes back, but its time offline is told', () => {
    online();
    session.drop('fin', eventId(0));
    bench.at(10.5 * SEC);
    bench.isStopping = true;
    session.stop();
    expect(newsOf(bench.take(), eventId(0))).toMatchObject({ lost: 1, recoveredAt: [], longestOfflineUs: 0.5 * SEC });
  });

  it.each<[DropWay, string]>([
    ['reset', 'reset'],
    ['fin', 'close'],
  ])('a drop by %s is one at once', (way, call) => {
    online();
    session.drop(way, eventId(0));
    expect([bench.link().calls, session.state]).toEqual([[call], 'waiting']);
    const snapshot = bench.take();
    expect(snapshot.ended).toEqual({ dropped: 1 });
    expect(newsOf(snapshot, eventId(0))).toMatchObject({ lost: 1, lostBy: [['dropped', 1]] });
  });

  it.each<[DropWay, 'keepalive-timeout' | 'closed-by-server']>([
    ['blackhole', 'keepalive-timeout'],
    ['silence', 'closed-by-server'],
  ])('a drop by %s is one from the drop, with the cause that ends it', (way, cause) => {
    online();
    session.drop(way, eventId(0));
    expect([bench.link().calls, session.state]).toEqual([[way], 'online']);
    expect(newsOf(bench.take(), eventId(0))).toMatchObject({ lost: 1, lostBy: [] });
    bench.at(40 * SEC);
    bench.link().lose(cause);
    bench.at(41 * SEC);
    bench.link().accept();
    const snapshot = bench.take();
    expect(snapshot.ended).toEqual({ [cause]: 1 });
    expect(newsOf(snapshot, eventId(0))).toMatchObject({
      lost: 0,
      lostBy: [[cause, 1]],
      recoveredAt: [[3_100, 1]],
      longestOfflineUs: 31 * SEC,
    });
  });

  it('is one loss when a second drop meets a session that does not know yet', () => {
    online();
    expect([session.isReached, session.drop('blackhole', eventId(0)), session.isReached]).toEqual([true, true, false]);
    session.drop('silence', eventId(1));
    session.drop('reset', eventId(1));
    const snapshot = bench.take();
    expect(snapshot.ended).toEqual({ dropped: 1 });
    expect(newsOf(snapshot, eventId(0))).toMatchObject({ lost: 1, lostBy: [['dropped', 1]] });
    expect(snapshot.cohorts).toHaveLength(1);
  });

  it('does not happen to a session that is not online', () => {
    session.attempt(0);
    expect([session.isReached, session.drop('reset', eventId(0))]).toEqual([false, false]);
    expect([bench.link().calls, bench.take().cohorts]).toEqual([[], []]);
  });
});
