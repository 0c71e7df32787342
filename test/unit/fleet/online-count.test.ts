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
});
