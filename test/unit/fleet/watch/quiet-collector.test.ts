import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { QuietCollector, youngGeneration } from '../../../../src/fleet/watch/quiet-collector.ts';
import { PlayedTime } from '../../../fixtures/links/played-time.ts';

describe('QuietCollector', () => {
  const time = new PlayedTime();
  let isQuiet: boolean;
  let fill: number;
  let looks: number;
  let collections: number;
  let collector: QuietCollector;

  beforeEach(() => {
    isQuiet = true;
    fill = 0.7;
    looks = 0;
    collections = 0;
    time.pass(1_000_000);
    const young = {
      fill: () => {
        looks++;
        return fill;
      },
      collect: () => void collections++,
    };
    collector = new QuietCollector(time, () => isQuiet, young);
  });

  it('collects once the turn is over, where there is something to collect', async () => {
    collector.onQuiet();
    expect(collections).toBe(0);
    await turn();
    expect(collections).toBe(1);
  });

  it('leaves a generation alone that is half empty', async () => {
    fill = 0.49;
    collector.onQuiet();
    await turn();
    expect([looks, collections]).toEqual([1, 0]);
  });

  it('does nothing when an attempt has started in the meantime', async () => {
    collector.onQuiet();
    isQuiet = false;
    await turn();
    expect([looks, collections]).toEqual([0, 0]);
  });

  it('looks once in ten milliseconds, however often it is quiet', async () => {
    for (let ms = 0; ms < 30; ms++) {
      collector.onQuiet();
      time.pass(1_000);
      await turn();
    }
    expect(looks).toBe(3);
  });
});

describe('the young generation of this thread', () => {
  const young = youngGeneration() ?? expect.fail('this V8 does not hand out its gc');

  it('fills up and is collected', () => {
    const made = Array.from({ length: 1_000 }, (_, index) => ({ index }));
    const before = young.fill();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThanOrEqual(1);
    young.collect();
    expect(young.fill()).not.toBe(before);
    expect(made).toHaveLength(1_000);
  });

  it('leaves no gc behind for other code to find', () => {
    youngGeneration();
    expect('gc' in globalThis).toBe(false);
  });
});
