import { describe, expect, it } from 'vitest';
import type { Trial } from '../../../../src/study/mlr/load-class.ts';
import { CapacitySearch, type HoldStep } from '../../../../src/study/search/capacity-search.ts';
import { searchSettings } from '../../../../src/study/search/search-settings.ts';

const RANGE = { from: 100, to: 20_000, precision: 0.05, exceedRatio: 0.1 };

function windows(count: number, isBad: boolean, durationSec = 1): Trial[] {
  return Array.from({ length: count }, () => ({ durationSec, isBad, lossRatio: isBad ? 0.5 : 0 }));
}

/** Holds a load until it is decided, with windows as `isBad` says. */
function hold(search: CapacitySearch, step: HoldStep, isBad: (window: number) => boolean): void {
  const trials: Trial[] = [];
  while (!search.hasEnough(step, trials)) trials.push(...windows(1, isBad(trials.length)));
  search.held(step, { trials, isLimited: false, isGrowing: false });
}

function nextHold(search: CapacitySearch): HoldStep {
  const step = search.next();
  if (step.kind === 'done') throw new Error(`done: ${step.ending}`);
  return step;
}

/** Loads above `capacity` are bad. Returns the loads held, in order. */
function searched(search: CapacitySearch, capacity: number): string[] {
  const held: string[] = [];
  for (let step = search.next(); step.kind === 'hold'; step = search.next()) {
    const { load, purpose } = step;
    held.push(`${purpose} ${load}`);
    hold(search, step, () => load > capacity);
  }
  return held;
}

describe('a search', () => {
  it('doubles, takes the middle by ratio, is sure of its bounds, and confirms the lower one', () => {
    const search = new CapacitySearch(searchSettings(RANGE, 1));
    expect(searched(search, 700)).toEqual([
      'bracket 100',
      'bracket 200',
      'bracket 400',
      'bracket 800',
      'ensure 400',
      'ensure 800',
      'bisect 566',
      'bisect 673',
      'ensure 673',
      'bisect 734',
      'bisect 703',
      'confirm 673',
    ]);
    expect(search.next()).toEqual({ kind: 'done', ending: 'found' });
    expect(search.bounds()).toMatchObject({ lower: { load: 673 }, upper: { load: 703 } });
    expect(search.inversions()).toEqual([]);
  });

  it('ends at the range: the least load is too much', () => {
    const search = new CapacitySearch(searchSettings(RANGE, 1));
    expect(searched(search, 50)).toEqual(['bracket 100', 'ensure 100']);
    expect(search.next()).toEqual({ kind: 'done', ending: 'below-range' });
    expect(search.bounds()).toMatchObject({ lower: undefined, upper: { load: 100 } });
  });

  it('ends at the range: the largest load holds', () => {
    const search = new CapacitySearch(searchSettings({ ...RANGE, to: 300 }, 1));
    expect(searched(search, 1_000).at(-1)).toBe('confirm 300');
    expect(search.next()).toEqual({ kind: 'done', ending: 'above-range' });
    expect(search.bounds()).toMatchObject({ lower: { load: 300 }, upper: undefined });
  });

  it('measures a load again that one window condemned in the first stage', () => {
    const search = new CapacitySearch(searchSettings({ ...RANGE, to: 100 }, 1));
    hold(search, nextHold(search), (window) => window === 2);
    const again = nextHold(search);
    expect(again).toMatchObject({ load: 100, purpose: 'ensure', sumSec: 10 });
    hold(search, again, () => false);
    expect(search.bounds()).toMatchObject({ lower: { load: 100 } });
  });

  it('takes a lower bound that does not hold without a break for an upper one, and goes a step down', () => {
    const search = new CapacitySearch(searchSettings({ ...RANGE, to: 400 }, 1));
    const loads: string[] = [];
    let hasRefuted = false;
    for (let step = search.next(); step.kind === 'hold'; step = search.next()) {
      const isRefuted: boolean = step.purpose === 'confirm' && !hasRefuted;
      hasRefuted ||= isRefuted;
      loads.push(`${step.purpose} ${step.load}`);
      hold(search, step, (window) => isRefuted && window % 3 === 0);
    }
    expect(loads.slice(loads.indexOf('confirm 400')).slice(0, 4)).toEqual([
      ...['confirm 400', 'compare 200', 'ensure 200', 'bisect 283'],
    ]);
    expect(loads.at(-1)).toBe('confirm 383');
    expect(search.bounds()).toMatchObject({ lower: { load: 383 }, upper: { load: 400 } });
  });

  it('tries a load twice before it takes the generator for the limit', () => {
    const search = new CapacitySearch(searchSettings(RANGE, 1));
    let limited = 0;
    for (let step = search.next(); step.kind === 'hold'; step = search.next()) {
      if (step.load > 500) {
        limited++;
        search.held(step, { trials: windows(1, false), isLimited: true, isGrowing: false });
      } else hold(search, step, () => false);
    }
    expect(search.next()).toEqual({ kind: 'done', ending: 'generator-limited' });
    expect(search.bounds().lower?.load).toBeGreaterThan(450);
    expect(limited % 2).toBe(0);
  });

  it('takes a growing queue for too much', () => {
    const search = new CapacitySearch(searchSettings({ ...RANGE, to: 100 }, 1));
    search.held(nextHold(search), { trials: windows(30, false), isLimited: false, isGrowing: true });
    expect(search.next()).toEqual({ kind: 'done', ending: 'below-range' });
  });

  it('calls a service metastable that does not take after an overload what it took before', () => {
    const search = new CapacitySearch(searchSettings(RANGE, 1));
    let hasFallen = false;
    const held: string[] = [];
    for (let step = search.next(); step.kind === 'hold'; step = search.next()) {
      const { load } = step;
      held.push(`${step.purpose} ${load}`);
      hold(search, step, () => load > (hasFallen ? 300 : 700));
      hasFallen ||= load > 700;
    }
    expect(held.slice(-2)).toEqual(['ensure 400', 'recheck 400']);
    expect(search.next()).toEqual({ kind: 'done', ending: 'metastable' });
    expect(search.fall).toMatchObject({ load: 400, overload: 800, badShare: 1 });
    expect(search.bounds()).toMatchObject({ lower: { load: 400 }, upper: { load: 800 } });
  });

  it('forgets a hold that failed only because the service had not come to rest', () => {
    const search = new CapacitySearch(searchSettings({ ...RANGE, to: 800 }, 1));
    let isFirst = true;
    for (let step = search.next(); step.kind === 'hold'; step = search.next()) {
      const { load, purpose } = step;
      const isUnrested = purpose === 'ensure' && load === 400 && isFirst;
      if (isUnrested) isFirst = false;
      hold(search, step, () => load > 700 || isUnrested);
    }
    expect(search.fall).toBeUndefined();
    expect(search.bounds()).toMatchObject({ lower: { load: 673 } });
  });

  describe('of a service that is bad now and then', () => {
    function heldUntilDone(search: CapacitySearch, isBad: (load: number, window: number) => boolean): string[] {
      const held: string[] = [];
      for (let step = search.next(); step.kind === 'hold'; step = search.next()) {
        const { load, purpose } = step;
        held.push(`${purpose} ${load}`);
        hold(search, step, (window) => isBad(load, window));
      }
      return held;
    }
    const settings = { ...RANGE, toleratesNoise: true };
    /** Of each ten windows: the ninth and the tenth. */
    const isNoisy = (window: number): boolean => window % 10 > 7;

    it('looks at half of the load, and judges by most windows if those are bad as often', () => {
      const search = new CapacitySearch(searchSettings(settings, 1));
      const held = heldUntilDone(search, (load, window) => load > 700 || isNoisy(window));
      expect(held.filter((one) => one.startsWith('compare'))).toEqual(['compare 283']);
      expect(search.noise).toEqual({ load: 283, badWindows: expect.any(Number), windows: expect.any(Number) });
      expect(search.exceedRatio).toBe(0.5);
      expect(search.bounds()).toMatchObject({ lower: { load: 673 }, upper: { load: 703 } });
    });

    it('only says so where the share of bad time is not to be changed', () => {
      const search = new CapacitySearch(searchSettings({ ...settings, toleratesNoise: false }, 1));
      heldUntilDone(search, (load, window) => load > 700 || isNoisy(window));
      expect(search.noise).toBeDefined();
      expect(search.exceedRatio).toBe(0.1);
      expect(search.bounds().upper?.load).toBeLessThan(700);
    });

    it('takes the load for too much if half of it is good', () => {
      const search = new CapacitySearch(searchSettings(settings, 1));
      heldUntilDone(search, (load, window) => load > 700 || (load > 390 && isNoisy(window)));
      expect(search.noise).toBeUndefined();
      expect(search.bounds()).toMatchObject({ lower: { load: 383 }, upper: { load: 400 } });
    });

    it('asks nothing of a load all of whose windows were bad, even if its hold was cut short', () => {
      const search = new CapacitySearch(searchSettings({ ...settings, to: 400 }, 1));
      for (const load of [100, 200, 400, 200, 400]) {
        const step = nextHold(search);
        expect(step.load).toBe(load);
        hold(search, step, () => load === 400);
      }
      const step = nextHold(search);
      expect(step).toMatchObject({ load: 283, purpose: 'bisect' });
      search.held(step, { trials: windows(2, true), isLimited: true, isGrowing: false });
      expect(search.next()).not.toMatchObject({ purpose: 'compare' });
    });

    it('holds a load that is bad now and then for all the time wanted, and one that is bad throughout no longer than needed', () => {
      const search = new CapacitySearch(searchSettings(settings, 1));
      const step: HoldStep = { kind: 'hold', load: 400, purpose: 'ensure', sumSec: 10 };
      const scattered = [...windows(1, true), ...windows(4, false), ...windows(1, true)];
      expect(search.classOf(step, scattered)).toBe('upper');
      expect(search.hasEnough(step, scattered)).toBe(false);
      expect(search.hasEnough(step, [...scattered, ...windows(4, false)])).toBe(true);
      expect(search.hasEnough(step, [...windows(1, false), ...windows(4, true)])).toBe(true);
    });
  });

  it('counts inversions', () => {
    const search = new CapacitySearch(searchSettings(RANGE, 1));
    for (let step = search.next(); step.kind === 'hold'; step = search.next()) {
      const { load, purpose } = step;
      // A load that turns bad only when it is held longer, below one that was good.
      hold(search, step, (window) => load > 700 || (load === 400 && purpose === 'ensure' && window % 3 === 0));
    }
    expect(search.inversions()).toEqual([]);
    expect(search.bounds().upper?.load).toBeLessThanOrEqual(400);
  });
});
