import { describe, expect, it } from 'vitest';
import { OnlineCount } from '../../../../src/fleet/watch/online-count.ts';

describe('OnlineCount', () => {
  it('knows the fewest and most between two calls, and starts anew with those online', () => {
    const count = new OnlineCount();
    for (let session = 0; session < 5; session++) count.up();
    for (let session = 0; session < 3; session++) count.down();
    expect(count.take()).toEqual({ last: 2, min: 0, max: 5, low: 2, standing: 2, atStop: 0 });
    expect(count.take()).toEqual({ last: 2, min: 2, max: 2, low: 2, standing: 2, atStop: 0 });
    count.down();
    count.up();
    count.up();
    expect(count.take()).toEqual({ last: 3, min: 1, max: 3, low: 1, standing: 3, atStop: 0 });
  });

  it('knows what the deepest fall left, and not how few there were before it', () => {
    const count = new OnlineCount();
    const play = (...ups: number[]): void => {
      for (const sessions of ups) for (let n = 0; n < Math.abs(sessions); n++) count[sessions > 0 ? 'up' : 'down']();
    };
    // A kick on the way up, then half of all, and more than before come back.
    play(10, -1, 91, -50, 60);
    expect(count.take().low).toBe(50);
    play(-20, 5);
    expect(count.take().low).toBe(90);
    play(7);
    expect(count.take().low).toBe(102);
    // The end of the plan is no fall.
    play(-2, 1);
    count.rest();
    play(-101);
    expect([count.take().low, count.take().low]).toEqual([100, undefined]);
  });

  it('takes those online when sessions begin to be ended, where none fell', () => {
    const count = new OnlineCount();
    for (let session = 0; session < 5; session++) count.up();
    count.rest();
    for (let session = 0; session < 5; session++) count.down();
    expect(count.take()).toEqual({ last: 0, min: 0, max: 5, low: 5, standing: 0, atStop: 5 });
  });

  it('tells once how many were online when sessions began to be ended, whoever logs in after that', () => {
    const count = new OnlineCount();
    count.up();
    count.up();
    count.rest();
    count.down();
    count.up();
    count.up();
    count.rest();
    expect(count.take()).toEqual({ last: 3, min: 0, max: 3, low: 2, standing: 0, atStop: 2 });
    expect(count.take()).toEqual({ last: 3, min: undefined, max: 3, low: undefined, standing: 0, atStop: 0 });
  });
});
