import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArrivalSource, Scheduler } from '../../../src/fleet/scheduler.ts';
import { PlayedTime } from '../../fixtures/links/played-time.ts';

const NOW_US = 10_000;

let time: PlayedTime;
let started: number[];
let scheduler: Scheduler | undefined;

beforeEach(() => {
  time = new PlayedTime();
  time.pass(NOW_US);
  started = [];
});
afterEach(() => scheduler?.stop());

/** Arrivals at these instants; each takes so long to be started. */
function source(instants: readonly number[], startTakesUs = 0): ArrivalSource {
  let next = 0;
  return {
    get nextArrivalUs() {
      return instants[next] ?? Number.POSITIVE_INFINITY;
    },
    startNext() {
      started.push(instants[next++] ?? Number.NaN);
      time.pass(startTakesUs);
    },
  };
}

function start(...sources: ArrivalSource[]): void {
  scheduler = new Scheduler(time, time.wheel, sources);
  scheduler.start();
}

describe('what is due', () => {
  it('starts in one turn where it is dense, in the order of its instants over all sources', () => {
    start(source([9_000, 9_400, 9_600]), source([9_200, 9_800]));
    expect(started).toEqual([9_000, 9_200, 9_400, 9_600, 9_800]);
  });

  it('starts in turns of its own where it is sparse, so that the answers to one are not read after the start of the next', async () => {
    start(source([7_000, 8_000, 8_100, 9_000]));
    expect(started).toEqual([7_000]);
    await turn();
    expect(started).toEqual([7_000, 8_000, 8_100]);
    await turn();
    expect(started).toEqual([7_000, 8_000, 8_100, 9_000]);
  });

  it('takes turns when starting it takes long', async () => {
    start(source([9_000, 9_000, 9_000, 9_000], 2_000));
    expect(started).toHaveLength(3);
    await turn();
    expect(started).toHaveLength(4);
  });

  it('does not start before its instant', async () => {
    start(source([9_900, 10_001]));
    await turn();
    expect(started).toEqual([9_900]);
  });
});

describe('the last call before the end of a plan', () => {
  function lastCall(nowUs: number, endUs: number, instants: readonly number[], startTakesUs = 0): number[] {
    start(source([]), source(instants, startTakesUs));
    started = [];
    time.pass(nowUs - time.nowUs());
    scheduler?.lastCall(endUs);
    return started;
  }

  it('starts what is planned before the end, and nothing that is planned for it', () => {
    expect(lastCall(20_300, 20_000, [19_900, 19_950, 19_999, 20_000])).toEqual([19_900, 19_950, 19_999]);
  });

  it('leaves what a late event loop did not get round to, by lateness that the verdict counts', () => {
    expect(lastCall(70_001, 20_000, [15_000, 19_999])).toEqual([]);
  });

  it('ends when starting the last ones takes too long', () => {
    expect(lastCall(60_000, 20_000, [15_000, 19_000, 19_500, 19_999], 4_000)).toEqual([15_000, 19_000, 19_500]);
  });
});
