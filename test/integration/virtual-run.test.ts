import { describe, expect, it } from 'vitest';
import { judge } from '../../src/metrics/judge/judge.ts';
import type { Answer } from '../fixtures/virtual/scripted-service.ts';
import { playVirtually, type VirtualPlay, type VirtualResult } from '../fixtures/virtual/virtual-run.ts';

const SEC = 1_000_000;
const ACCEPT: Answer = { kind: 'accept', afterUs: 1_000 };

function scenario(duration: string, fleet: object, more: object = {}) {
  return {
    version: 1,
    name: 'virtual',
    seed: 3,
    duration,
    target: { emulator: { profile: '2017' } },
    fleets: [{ name: 'meters', productKey: 'a1Meters', auth: { mode: 'direct' }, ...fleet }],
    ...more,
  };
}

function verdictOf({ figures, neverStarted, lateEvents }: VirtualResult) {
  const { outcomes } = figures.total;
  return judge({ outcomes, neverStarted, lateEvents, workers: [], crossChecks: [], lostSnapshots: [] });
}

function plannedBySecond({ timeline }: VirtualResult): number[] {
  return timeline.map(({ total }) => total.planned);
}

describe('a run in virtual time', () => {
  it('comes out the same each time, and as planned', async () => {
    const play: VirtualPlay = {
      scenario: scenario('10s', { devices: 1_000, connect: { arrival: 'rate', rate: '200/s' } }),
      workers: 2,
      service: { answer: () => ACCEPT },
    };
    const result = await playVirtually(play);
    const { figures, faults, service } = result;
    expect(faults).toEqual([]);
    expect(figures.total.attempts).toEqual({
      planned: 1_000,
      firstPlanned: 1_000,
      started: 1_000,
      retries: 0,
      unfinished: 0,
      notStarted: 0,
    });
    expect(service).toMatchObject({ logins: 1_000, accepted: 1_000 });
    expect(figures.total.online).toEqual({ peak: 1_000, last: 1_000 });
    expect(plannedBySecond(result)).toEqual([200, 200, 200, 200, 200, 0, 0, 0, 0, 0, 0]);
    expect(verdictOf(result).verdict).toBe('valid');
    expect((await playVirtually(play)).figures.total).toEqual(figures.total);
  });

  it('starts what the last instant of its plan holds', async () => {
    // 1,000 a second to the end and beyond it, with retries every 0.7 ms or so.
    const result = await playVirtually({
      scenario: scenario('2s', {
        devices: 3_000,
        connect: { arrival: 'rate', rate: '1000/s' },
        reconnect: { growth: 'fixed', base: '700us', maxAttempts: 5 },
      }),
      service: { answer: (nth) => (nth % 3 === 0 ? ACCEPT : { kind: 'refuse', afterUs: 300, code: 3 }) },
    });
    const { attempts } = result.figures.total;
    expect(attempts).toMatchObject({ firstPlanned: 2_000, unfinished: 0, notStarted: 0 });
    expect(attempts.started).toBe(attempts.planned);
    expect(result.service.logins).toBe(attempts.started);
  });
});

describe('attempts of the plan that the generator does not get round to', () => {
  it('are planned all the same: 3,000 a second are, of which it starts 500', async () => {
    const result = await playVirtually({
      scenario: scenario('6s', { devices: 12_000, connect: { arrival: 'ramp', over: '4s' } }),
      service: { answer: () => ACCEPT, openingUs: 2_000 },
    });
    const { rate, attempts, outcomes } = result.figures.total;
    expect(plannedBySecond(result).slice(0, 6)).toEqual([3_000, 3_000, 3_000, 3_000, 0, 0]);
    expect(rate).toMatchObject({ plannedPeakPerSec: 3_000, plannedMeanPerSec: 3_000 });
    expect(attempts).toMatchObject({ planned: 12_000, firstPlanned: 12_000, unfinished: 0 });
    expect(attempts.started).toBeLessThan(3_100);
    expect(attempts.notStarted).toBe(12_000 - attempts.started);
    expect(outcomes[0]?.share).toBe(attempts.started / 12_000);
    expect(result.timeline[3]?.total.notStarted).toBeGreaterThan(9_900);
    const { verdict, reasons } = verdictOf(result);
    expect(verdict).toBe('generator-limited');
    const never = attempts.notStarted?.toLocaleString('en-US');
    expect(reasons).toEqual([expect.stringContaining(`${never} of 12,000 planned first attempts`)]);
  });

  it('are told of a worker that is stalled past the end', async () => {
    const result = await playVirtually({
      scenario: scenario('5s', { devices: 100, connect: { arrival: 'ramp', over: '5s' } }),
      service: { answer: () => ACCEPT },
      stalls: [{ atUs: 1.341 * SEC, us: 5 * SEC }],
    });
    expect(result.figures.total.attempts).toMatchObject({ planned: 100, started: 27, notStarted: 73, unfinished: 0 });
    expect(result.figures.total.outcomes).toMatchObject([{ outcome: 'accepted', count: 27, share: 0.27 }]);
    expect(plannedBySecond(result).slice(0, 6)).toEqual([20, 20, 20, 20, 20, 0]);
    expect(verdictOf(result).verdict).toBe('generator-limited');
  });

  it('are not blamed on it where they are due in its last instants', async () => {
    const result = await playVirtually({
      scenario: scenario('5s', { devices: 100, connect: { arrival: 'ramp', over: '5s' } }),
      service: { answer: () => ACCEPT },
      stalls: [{ atUs: 4.93 * SEC, us: 0.2 * SEC }],
    });
    expect(result.figures.total.attempts).toMatchObject({ planned: 100, started: 99, notStarted: 1 });
    expect(verdictOf(result).verdict).toBe('valid');
  });

  it('are those of a lost worker, from when nothing is heard of it', async () => {
    const result = await playVirtually({
      scenario: scenario('10s', { devices: 100, connect: { arrival: 'ramp', over: '10s' } }),
      workers: 2,
      service: { answer: () => ACCEPT },
      lost: { worker: 1, atUs: 4.5 * SEC },
    });
    // Its half of the plan, less what it had reported by the end of its fourth second.
    expect(result.figures.total.attempts).toMatchObject({ planned: 100, started: 70, notStarted: 30 });
    expect(plannedBySecond(result).slice(0, 10)).toEqual(new Array(10).fill(10));
    expect(result.neverStarted).toEqual({ count: 0, planned: 50 });
  });

  it('count where every worker is lost', async () => {
    const result = await playVirtually({
      scenario: scenario('10s', { devices: 100, connect: { arrival: 'ramp', over: '10s' } }),
      service: { answer: () => ACCEPT },
      lost: { worker: 0, atUs: 2.5 * SEC },
    });
    expect(result.figures.total.attempts).toMatchObject({ planned: 100, started: 20, notStarted: 80 });
    expect(result.figures.total.rate).toMatchObject({ plannedMeanPerSec: 10, acceptedMeanPerSec: 2 });
    // In the course too, second by second.
    expect(plannedBySecond(result)).toEqual(new Array(10).fill(10));
    expect(result.timeline.at(-1)?.total).toMatchObject({ planned: 10, notStarted: 80, online: 0 });
    expect(result.faults).toEqual([]);
  });

  it('are all that come after the first for which the machine has no port', async () => {
    const result = await playVirtually({
      scenario: scenario('6s', { devices: 100, connect: { arrival: 'ramp', over: '5s' } }),
      service: { answer: (nth) => (nth < 40 ? ACCEPT : { kind: 'no-port' }) },
    });
    expect(result.figures.total.attempts).toMatchObject({ planned: 100, started: 41, notStarted: 59 });
    expect(result.figures.total.rate).toMatchObject({ plannedPeakPerSec: 20, plannedMeanPerSec: 20 });
    const { reasons } = verdictOf(result);
    expect(reasons).toEqual([expect.stringContaining('ran out of ports (EADDRNOTAVAIL)')]);
  });

  it('are none after a stop before the time of the run: the plan ends with it', async () => {
    const result = await playVirtually({
      scenario: scenario('10s', {
        devices: 100,
        connect: { arrival: 'ramp', over: '10s' },
        reconnect: { growth: 'fixed', base: '3s' },
      }),
      workers: 3,
      service: { answer: (nth) => (nth < 10 ? { kind: 'refuse', afterUs: 500, code: 3 } : ACCEPT) },
      stopAtUs: 3.55 * SEC,
    });
    // Of the first ten, refused, those from before 0.55 s were to try again by then: at 3.0005, 3.1005 ... 3.5005 s.
    expect(result.figures.total.attempts).toEqual({
      planned: 42,
      firstPlanned: 36,
      started: 42,
      retries: 6,
      unfinished: 0,
      notStarted: 0,
    });
    expect(plannedBySecond(result)).toEqual([10, 10, 10, 12]);
    expect(verdictOf(result).verdict).toBe('valid');
  });
});

describe('a drop that the generator does not get round to at its instant', () => {
  const drop = scenario(
    '10s',
    { devices: 100, reconnect: { growth: 'fixed', base: '1s' } },
    { events: [{ at: '4s', drop: { fraction: '50%', by: 'reset' } }] },
  );
  const service = { answer: () => ACCEPT };

  it('makes the recovery that is counted from it doubtful, though no attempt was under way', async () => {
    const late = await playVirtually({
      scenario: drop,
      workers: 2,
      service,
      stalls: [{ atUs: 3.9 * SEC, us: 3 * SEC }],
    });
    expect(late.figures.disturbances[0]?.total).toMatchObject({ lost: 50, recovered: 50, t50Sec: 3.9 });
    expect(verdictOf(late)).toMatchObject({ verdict: 'generator-limited', findings: [{ rule: 'late-event' }] });
  });

  it('is believed where it comes in time', async () => {
    const punctual = await playVirtually({ scenario: drop, workers: 2, service });
    expect(punctual.lateEvents).toHaveLength(1);
    expect(verdictOf(punctual).verdict).toBe('valid');
  });
});

describe('sessions online', () => {
  it('are told at their most and fewest, between the ends of intervals too', async () => {
    // All are dropped 200 ms into the third second, and are back 300 ms later.
    const { figures, timeline } = await playVirtually({
      scenario: scenario(
        '6s',
        { devices: 200, reconnect: { growth: 'fixed', base: '300ms' } },
        { events: [{ at: '2200ms', drop: { by: 'reset' } }] },
      ),
      workers: 2,
      service: { answer: () => ACCEPT },
    });
    expect(timeline[2]?.total).toMatchObject({ online: 200, onlineMin: 0, onlineMax: 200 });
    expect(timeline[3]?.total).toMatchObject({ online: 200, onlineMin: 200, onlineMax: 200 });
    expect(figures.disturbances[0]?.total.lowestOnline).toBe(0);
  });

  it('are at the end those that the stop found, whatever logs in after it, in each worker at an instant of its own', async () => {
    // The last 50 of 100 are accepted 1 s after the time is over.
    const { figures } = await playVirtually({
      scenario: scenario('2s', { devices: 100, connect: { arrival: 'ramp', over: '2s' } }),
      workers: 3,
      service: { answer: (nth) => ({ kind: 'accept', afterUs: nth < 50 ? 1_000 : 2 * SEC }) },
    });
    expect(figures.total.ended).toEqual({ stopped: 100 });
    expect(figures.total.online).toEqual({ peak: 50, last: 50 });
    expect(figures.fleets.map(({ online }) => online)).toEqual([{ peak: 50, last: 50 }]);
  });

  it('have a peak that no interval ends with', async () => {
    // All log in 100 ms into the second second, and are closed 400 ms later; a second fleet is online only before.
    const { figures, timeline } = await playVirtually({
      scenario: {
        ...scenario('4s', {}),
        fleets: [
          { name: 'early', productKey: 'a1Meters', devices: 30, reconnect: { growth: 'fixed', base: '1h' } },
          {
            name: 'late',
            productKey: 'a1Meters',
            devices: 50,
            reconnect: { growth: 'fixed', base: '1h' },
            connect: {
              arrival: 'stages',
              stages: [
                { rate: '0/s', over: '1100ms' },
                { target: 50, over: '1ms' },
              ],
            },
          },
        ],
      },
      service: { answer: () => ({ kind: 'accept', afterUs: 1_000, staysUs: 400_000 }) },
    });
    expect(timeline.map(({ total }) => total.online)).toEqual([0, 0, 0, 0, 0]);
    expect(figures.fleets.map(({ online }) => online.peak)).toEqual([30, 50]);
    // Of one worker it is exact: the two fleets were never online together.
    expect(figures.total.online.peak).toBe(50);
  });
});
