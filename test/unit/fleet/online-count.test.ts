import { describe, expect, it } from 'vitest';
import { OnlineCount } from '../../../src/fleet/online-count.ts';

describe('OnlineCount', () => {
  it('knows the fewest and most between two calls, and starts anew with those online', () => {
    const count = new OnlineCount();
    for (let session = 0; session < 5; session++) count.up();
    for (let session = 0; session < 3; session++) count.down();
    expect(count.take()).toEqual({ onlineMin: 0, onlineMax: 5 });
    expect(count.take()).toEqual({ onlineMin: 2, onlineMax: 2 });
    count.down();
    count.up();
    count.up();
    expect(count.take()).toEqual({ onlineMin: 1, onlineMax: 3 });
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
    expect(count.take()).toEqual({ onlineMin: 0, onlineMax: 3, onlineAtStop: 2 });
    expect(count.take()).toEqual({ onlineMin: undefined, onlineMax: 3 });
  });
});
