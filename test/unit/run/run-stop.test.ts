import { describe, expect, it } from 'vitest';
import { RunStop } from '../../../src/run/run-stop.ts';

describe('RunStop', () => {
  it('ends a run in order first, then at once', async () => {
    const stop = new RunStop();
    expect(stop.mode).toBe('none');
    stop.ask();
    await stop.asked;
    expect(stop.mode).toBe('in-order');
    stop.ask();
    await stop.askedAtOnce;
    expect(stop.mode).toBe('at-once');
  });

  it('asked in order again, does nothing more', () => {
    const stop = new RunStop();
    stop.askInOrder();
    stop.askInOrder();
    expect(stop.mode).toBe('in-order');
    stop.ask();
    stop.askInOrder();
    expect(stop.mode).toBe('at-once');
  });
});
