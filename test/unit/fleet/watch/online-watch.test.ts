import { beforeEach, describe, expect, it } from 'vitest';
import type { FromWorker } from '../../../../src/fleet/protocol.ts';
import { OnlineWatch } from '../../../../src/fleet/watch/online-watch.ts';
import { type EventInstants, eventId } from '../../../../src/plan/timetable.ts';
import { TimerWheel } from '../../../../src/time/wheel.ts';
import { instantsOf } from '../../../fixtures/event-instants.ts';

let nowUs: number;
let wheel: TimerWheel;
let told: FromWorker[];
const gauges = [{ online: 0 }, { online: 0 }];

function watch(instants: EventInstants): OnlineWatch {
  const fleets = gauges.map((gauge) => ({ gauges: gauge }));
  return new OnlineWatch({
    instants,
    fleets,
    wheel,
    clock: { nowUs: () => nowUs },
    post: (message) => void told.push(message),
  });
}

function passes(ms: number): void {
  for (let passed = 0; passed < ms; passed++) {
    nowUs += 1_000;
    wheel.advance(nowUs);
  }
}

describe('OnlineWatch', () => {
  beforeEach(() => {
    nowUs = 0;
    wheel = new TimerWheel(0);
    told = [];
    for (const gauge of gauges) gauge.online = 0;
  });

  it('tells what has changed within 20 ms, by fleet, and nothing else', () => {
    watch(instantsOf([undefined])).start();
    passes(40);
    expect(told).toEqual([]);
    for (const gauge of gauges) gauge.online = 3;
    passes(100);
    expect(told).toEqual([{ type: 'online', online: [3, 3] }]);
  });

  it('has no timer where no event waits, and none any more when each has its instant', () => {
    watch(instantsOf([5, 7])).start();
    expect(wheel.size).toBe(0);
    const instants = instantsOf([5, undefined]);
    watch(instants).start();
    expect(wheel.size).toBe(1);
    instants.set(eventId(1), 9);
    passes(21);
    expect(wheel.size).toBe(0);
  });

  it('is quiet after a stop', () => {
    const one = watch(instantsOf([undefined]));
    one.start();
    one.stop();
    expect(wheel.size).toBe(0);
  });
});
