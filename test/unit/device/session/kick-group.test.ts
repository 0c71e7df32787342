import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unplannedCohort } from '../../../../src/metrics/measure/cohorts.ts';
import { eventId } from '../../../../src/plan/timetable.ts';
import { newsOf, SessionBench } from './session-bench.ts';

const SEC = 1_000_000;

/** A bench on which copies log in at 0 and 1 s, and the second one's login is still under way. */
function rivals(copies = 2) {
  const bench = new SessionBench({ policy: { baseUs: 100 * SEC, capUs: 100 * SEC } });
  const sessions = bench.copies(copies);
  const [first, second] = sessions;
  if (first === undefined || second === undefined) throw new Error('there are two copies at least');
  first.attempt(0);
  bench.link(0).accept();
  bench.at(SEC);
  second.attempt(SEC);
  return { bench, first, second, sessions };
}

describe('two copies of a device', () => {
  it('the older is kicked when it is closed after the newer was accepted', () => {
    const { bench } = rivals();
    bench.link(1).accept();
    bench.link(0).lose('closed-by-server');
    const { ended, kicks, cohorts } = bench.take();
    expect([ended, kicks?.kicks, cohorts]).toEqual([{ kicked: 1 }, 1, []]);
  });

  it.each(['closed-by-server', 'reset', 'disconnect-142'] as const)(
    'the older is kicked when it is ended (%s) before the answer to the newer is read',
    (seenAs) => {
      const { bench, first } = rivals();
      bench.link(0).lose(seenAs);
      expect([bench.take().ended, first.state]).toEqual([{}, 'waiting']);
      bench.link(1).accept();
      expect(bench.take()).toMatchObject({ ended: { kicked: 1 }, kicks: { kicks: 1 } });
    },
  );

  it.each(['refused-3', 'tcp-refused'] as const)('a login that fails (%s) kicks nobody', (outcome) => {
    const { bench } = rivals();
    bench.link(0).lose('reset');
    bench.link(1).fail(outcome);
    const snapshot = bench.take();
    expect([snapshot.ended, snapshot.kicks]).toEqual([{ reset: 1 }, {}]);
    expect(newsOf(snapshot, unplannedCohort(SEC))).toMatchObject({ lost: 1, lostBy: [['reset', 1]] });
  });

  it('a login that is cut kicks nobody', () => {
    const { bench, second } = rivals();
    bench.link(0).lose('reset');
    second.cut();
    expect(bench.take().ended).toEqual({ reset: 1 });
  });

  it('a session that gave up by itself was not kicked', () => {
    const { bench } = rivals();
    bench.link(0).lose('keepalive-timeout');
    bench.link(1).accept();
    expect(bench.take().ended).toEqual({ 'keepalive-timeout': 1 });
  });

  it('of two logins at once, the one that stays is the newer, in whatever order the answers are read', () => {
    const bench = new SessionBench();
    const [one, two] = bench.copies(2);
    one?.attempt(0);
    two?.attempt(0);
    // The service took `two` last, and its answer is read first.
    bench.at(1_000);
    bench.link(1).accept();
    bench.at(1_500);
    bench.link(0).accept();
    bench.link(0).lose();
    expect(bench.take().ended).toEqual({ kicked: 1 });
  });

  it('a closing without a newer login is the service’s own', () => {
    const { bench } = rivals();
    bench.link(1).accept();
    bench.link(0).lose();
    bench.link(1).lose('reset');
    expect(bench.take().ended).toEqual({ kicked: 1, reset: 1 });
  });

  it('a loss that is explained after the session is back is over at once', () => {
    const bench = new SessionBench({ policy: { baseUs: SEC } });
    const [first, second] = bench.copies(2);
    first?.attempt(0);
    bench.link(0).accept();
    second?.attempt(0);
    bench.at(SEC);
    bench.link(0).lose('reset');
    bench.at(2 * SEC);
    bench.link(2).fail('refused-3');
    bench.at(3 * SEC);
    bench.link(3).accept();
    expect(first?.state).toBe('online');
    bench.link(1).fail('connack-timeout');
    const snapshot = bench.take();
    expect(snapshot.ended).toEqual({ reset: 1 });
    expect(newsOf(snapshot, unplannedCohort(SEC))).toMatchObject({
      lost: 1,
      recoveredAt: [[200, 1]],
      attemptsNeeded: [[2, 1]],
      longestOfflineUs: 2 * SEC,
    });
  });

  it('counts period, lifetime and logins of a loop', () => {
    const bench = new SessionBench({ policy: { baseUs: 2 * SEC } });
    const [first, second] = bench.copies(2);
    first?.attempt(0);
    bench.link(0).accept();
    bench.at(SEC);
    second?.attempt(SEC);
    // Every 2 s each is back and kicks the other: at 1 s, 3 s, 5 s, 7 s.
    for (let link = 1; link <= 4; link++) {
      bench.link(link).accept();
      bench.link(link - 1).lose();
      bench.at((2 * link + 1) * SEC);
    }
    const { kicks } = bench.take();
    expect(kicks).toMatchObject({ kicks: 4, loops: 1, loopLogins: 3 });
  });

  it('a silent session that is kicked stays a loss of its event, with that cause', () => {
    const { bench, first } = rivals();
    first.drop('silence', eventId(0));
    bench.link(1).accept();
    bench.link(0).lose();
    const snapshot = bench.take();
    expect(snapshot).toMatchObject({ ended: { kicked: 1 }, kicks: { kicks: 1 } });
    expect(newsOf(snapshot, eventId(0))).toMatchObject({ lost: 1, lostBy: [['kicked', 1]] });
  });
});

describe('the end of a run', () => {
  it('waits with a session until the login that may kick it has ended', () => {
    const { bench, first } = rivals();
    bench.isStopping = true;
    first.stop();
    expect([first.state, bench.link(0).calls]).toEqual(['online', []]);
    bench.link(1).fail();
    expect([first.state, bench.link(0).calls]).toEqual(['closing', ['end']]);
  });

  it('waits for the kick that is on its way where two copies are online, and counts it', () => {
    const { bench, first, second } = rivals();
    bench.link(1).accept();
    bench.isStopping = true;
    for (const session of [first, second]) session.stop();
    expect([first.state, second.state]).toEqual(['online', 'online']);
    bench.link(0).lose();
    expect([first.state, second.state]).toEqual(['ended', 'closing']);
    bench.link(1).closed();
    expect([bench.take().ended, bench.wheel.size]).toEqual([{ kicked: 1, stopped: 1 }, 0]);
  });

  it('does not wait for ever on a service that kicks nobody', () => {
    const { bench, first, second } = rivals();
    bench.link(1).accept();
    bench.isStopping = true;
    for (const session of [first, second]) session.stop();
    bench.at(bench.time.nowUs() + SEC);
    bench.at(bench.time.nowUs() + 2_000);
    expect([first.state, second.state]).toEqual(['closing', 'closing']);
    expect([bench.take().ended, bench.wheel.size]).toEqual([{ stopped: 2 }, 0]);
  });

  it('counts a kick that came while the thread stood still for longer than the stop waits', () => {
    const { bench, first, second } = rivals();
    bench.link(1).accept();
    bench.isStopping = true;
    for (const session of [first, second]) session.stop();
    // Its timers fire, and only then are its sockets read.
    bench.time.pass(5 * SEC);
    bench.link(0).lose();
    bench.link(1).closed();
    expect([bench.take().ended, bench.wheel.size]).toEqual([{ kicked: 1, stopped: 1 }, 0]);
  });

  it('counts the kick of that login', () => {
    const { bench, first, second } = rivals();
    bench.isStopping = true;
    for (const session of [first, second]) session.stop();
    bench.link(0).lose();
    bench.link(1).accept();
    bench.link(1).closed();
    expect(bench.take().ended).toEqual({ kicked: 1, stopped: 1 });
    expect([first.state, second.state]).toEqual(['ended', 'ended']);
  });
});

/**
 * A service that keeps one session a device: the newest accepted login. Its answers and closings reach the copies in any order that keeps
 * what one connection says in order.
 */
it('kicks are those of the service, in every order of answers and closings', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }),
      fc.array(fc.nat(5), { minLength: 3, maxLength: 40 }),
      (copies, choices) => {
        const bench = new SessionBench({ policy: { baseUs: 1_000 * SEC, capUs: 1_000 * SEC } });
        const sessions = bench.copies(copies);
        let kicksOfService = 0;
        let holder: number | undefined;
        /** What each connection has still to say. */
        const news: (() => void)[][] = [];
        let started = 0;
        for (const choice of choices) {
          bench.at(bench.time.nowUs() + 1_000);
          if (choice === 0 && started < copies) {
            const link = started++;
            sessions[link]?.attempt(bench.time.nowUs());
            if (holder !== undefined) {
              kicksOfService++;
              const loser = holder;
              news[loser]?.push(() => bench.link(loser).lose());
            }
            holder = link;
            news.push([() => bench.link(link).accept()]);
          } else {
            const talking = news.filter((list) => list.length > 0);
            talking[choice % Math.max(1, talking.length)]?.shift()?.();
          }
        }
        for (const list of news) for (const say of list.splice(0)) say();
        expect(bench.take().ended['kicked'] ?? 0).toBe(kicksOfService);
      },
    ),
  );
});
