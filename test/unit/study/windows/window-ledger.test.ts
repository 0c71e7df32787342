import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../src/results/outcome.ts';
import type { Goal } from '../../../../src/study/windows/goals.ts';
import type { HeldAttempt } from '../../../../src/study/windows/window.ts';
import { WindowLedger } from '../../../../src/study/windows/window-ledger.ts';
import { windowRules } from '../../../../src/study/windows/window-rules.ts';

const SLOW: Goal = {
  source: 'response.p99 < 500ms',
  lossRatio: 0.01,
  lost: { kind: 'slow', measure: 'response', limitUs: 500_000, isInclusive: false },
};
const FAILED: Goal = { source: 'accepted.ratio >= 99%', lossRatio: 0.01, lost: { kind: 'failed' } };
const REFUSED: Goal = {
  source: 'refused-3.ratio <= 1%',
  lossRatio: 0.01,
  lost: { kind: 'outcome', outcome: 'refused-3' },
};

const NO_PHASES = { auth: -1, dns: -1, tcp: -1, tls: -1, mqtt: -1 };
const RATE = 300;
const GAP_US = 1e6 / RATE;

/** Attempt `index` of an even plan. */
function attempt(
  index: number,
  { afterUs = 1_000, slipUs = 100, outcome = 'accepted' as Outcome, fleet = 0 } = {},
): HeldAttempt {
  const plannedUs = Math.round(index * GAP_US);
  return { fleet, outcome, plannedUs, startedUs: plannedUs + slipUs, endedUs: plannedUs + afterUs, phases: NO_PHASES };
}

function ledgerOf(goals: readonly Goal[], patienceUs = 3_000_000): WindowLedger {
  const plannedBefore = (_: number, us: number): number => Math.ceil(us / GAP_US);
  return new WindowLedger(windowRules(goals, RATE, patienceUs), { fleetNames: ['meters'], plannedBefore });
}

const second = (index: number, { loopDelayUs = 0, behindUs = 0 } = {}) => ({
  fromUs: index * 1e6,
  toUs: (index + 1) * 1e6,
  loopDelayUs,
  behindUs,
});

/** Attempts of the seconds from..to, after the two seconds of settling. */
function range(fromSec: number, toSec: number): number[] {
  return Array.from({ length: (toSec - fromSec) * RATE }, (_, at) => fromSec * RATE + at);
}

describe('windows', () => {
  it('that end after the last planned login was made are not judged, as what is missing from them was never sent', () => {
    const ledger = ledgerOf([SLOW]);
    for (const index of range(2, 4)) ledger.add(attempt(index));
    ledger.endAt(3.9e6);
    for (let sec = 0; sec < 9; sec++) ledger.second(second(sec));
    expect(ledger.judged).toMatchObject([{ fromSec: 2, result: 'good' }]);
  });

  it('begin after settling, last a second or 300 attempts, and are late by at most a fifth of the goal', () => {
    expect(windowRules([SLOW], 300, 1)).toMatchObject({ settleUs: 2_000_000, windowUs: 1_000_000, lateUs: 50_000 });
    expect(windowRules([SLOW], 100, 1)).toMatchObject({ windowUs: 3_000_000 });
    expect(windowRules([SLOW], 5_000, 1)).toMatchObject({ windowUs: 1_000_000 });
    const strict = {
      ...SLOW,
      lost: { kind: 'slow', measure: 'response', limitUs: 40_000, isInclusive: false },
    } as const;
    expect(windowRules([strict], 300, 1)).toMatchObject({ lateUs: 8_000 });
    const patient = { ...SLOW, lost: { kind: 'slow', measure: 'response', limitUs: 3e6, isInclusive: false } } as const;
    expect(windowRules([patient], 300, 1)).toMatchObject({ settleUs: 6_000_000 });
  });

  it('are good when every attempt is answered in time, as soon as they are over', () => {
    const ledger = ledgerOf([SLOW, FAILED]);
    for (const index of range(0, 4)) ledger.add(attempt(index));
    expect(ledger.second(second(1))).toEqual([]);
    const [window] = ledger.second(second(2));
    expect(window).toMatchObject({
      fromSec: 2,
      durationSec: 1,
      planned: 300,
      lost: 0,
      result: 'good',
      medianUs: 1_000,
    });
    expect(ledger.second(second(3))).toHaveLength(1);
  });

  it('may lose what the goal allows and not one more', () => {
    for (const [slow, result] of [
      [3, 'good'],
      [4, 'bad'],
    ] as const) {
      const ledger = ledgerOf([SLOW]);
      for (const index of range(2, 3))
        ledger.add(attempt(index, { afterUs: index < 2 * RATE + slow ? 500_000 : 499_999 }));
      expect(ledger.second(second(2))).toMatchObject([{ result, lost: slow, lostByGoal: [slow] }]);
    }
  });

  it('wait for answers as long as the goal allows, and then count them as lost', () => {
    const ledger = ledgerOf([SLOW]);
    for (const index of range(2, 3).slice(4)) ledger.add(attempt(index));
    expect(ledger.second(second(2))).toEqual([]);
    expect(ledger.second(second(3))).toMatchObject([{ result: 'bad', lost: 4 }]);
  });

  it('wait as long as attempts may take where no goal limits a time', () => {
    const ledger = ledgerOf([FAILED]);
    for (const index of range(2, 3).slice(4)) ledger.add(attempt(index));
    expect(ledger.second(second(3))).toEqual([]);
    expect(ledger.second(second(4))).toEqual([]);
    expect(ledger.second(second(5))).toMatchObject([{ result: 'bad', lost: 4 }]);
  });

  it('are bad if one of several goals is missed, and count a lost attempt once', () => {
    const ledger = ledgerOf([SLOW, FAILED, REFUSED]);
    for (const index of range(2, 3)) {
      ledger.add(attempt(index, { outcome: index < 2 * RATE + 5 ? 'refused-3' : 'accepted' }));
    }
    expect(ledger.second(second(2))).toMatchObject([
      { result: 'bad', lost: 5, lostByGoal: [5, 5, 5], missed: [0, 1, 2], invalidBy: undefined },
    ]);
  });

  it('are held by the planned instant, whenever the attempt ends', () => {
    const ledger = ledgerOf([SLOW]);
    for (const index of range(2, 3)) ledger.add(attempt(index, { afterUs: 450_000 }));
    expect(ledger.second(second(3))).toMatchObject([{ fromSec: 2, planned: 300, lost: 0 }]);
  });

  it('are invalid, not bad, while the generator is late', () => {
    const late = ledgerOf([SLOW]);
    for (const index of range(2, 3))
      late.add(attempt(index, { afterUs: 700_000, slipUs: index < 2 * RATE + 4 ? 60_000 : 0 }));
    expect(late.second(second(2))).toMatchObject([{ result: 'invalid', missed: [0], invalidBy: 'late' }]);
    const stalled = ledgerOf([SLOW]);
    for (const index of range(2, 3)) stalled.add(attempt(index, { afterUs: 700_000 }));
    expect(stalled.second(second(2, { loopDelayUs: 60_000 }))).toMatchObject([{ result: 'invalid' }]);
  });

  it('are good if they are so although the generator was late, but not if it had not caught up', () => {
    for (const [lateness, result] of [
      [{ loopDelayUs: 60_000 }, 'good'],
      [{ behindUs: 60_000 }, 'invalid'],
    ] as const) {
      const ledger = ledgerOf([SLOW]);
      for (const index of range(2, 4)) ledger.add(attempt(index));
      expect(ledger.second(second(2, lateness))).toMatchObject([{ result }]);
      expect(ledger.second(second(3))).toMatchObject([{ result: 'good' }]);
    }
  });

  it('are invalid if this machine ran out of something', () => {
    const ledger = ledgerOf([SLOW]);
    for (const index of range(2, 3))
      ledger.add(attempt(index, { outcome: index === 700 ? 'local-limit' : 'accepted' }));
    expect(ledger.second(second(2))).toMatchObject([{ result: 'invalid' }]);
  });

  it('hold the goal of a fleet to its own attempts', () => {
    const goal: Goal = { ...SLOW, fleet: 'pumps' };
    const plannedBefore = (_: number, us: number): number => Math.ceil(us / GAP_US);
    const ledger = new WindowLedger(windowRules([goal], RATE, 1e6), { fleetNames: ['meters', 'pumps'], plannedBefore });
    for (const index of range(2, 3)) {
      ledger.add(attempt(index, { afterUs: 900_000 }));
      ledger.add(attempt(index, { fleet: 1 }));
    }
    expect(ledger.second(second(2))).toMatchObject([{ planned: 600, result: 'good', lost: 0 }]);
  });
});
