import { describe, it } from 'vitest';
import { realSearch } from '../../fixtures/study/real-search.ts';

/**
 * Real searches on services of known capacity, one of each kind, at once, as each waits for most of its time; that they find it in 20 of 20
 * searches is proved in virtual time (test/property/capacity-search.test.ts). A load for which the generator was late is held once more; where it
 * was the limit, as on a machine that is too busy, nothing is proved.
 */

const CAPACITY = 200;
const GOALS = ['response.p99 < 250ms', 'accepted.ratio >= 99%'];

describe.concurrent('a capacity search on a real service', () => {
  it.for([
    ['refuses', 'limit: { rate: 200/s, burst: 50, refuse: 3 }'],
    ['lets wait', 'limit: { rate: 200/s, burst: 50, wait: true }'],
  ])('finds how many logins per second it admits that %s what is above', async ([, event = ''], { expect, skip }) => {
    const { answer, steps } = await realSearch({ event, goals: GOALS, from: 180, to: 240, precision: 0.35 });
    skip(answer.ending === 'generator-limited', answer.sentence);
    expect([answer.ending, [...new Set(steps)]]).toEqual(['found', ['bracket 180', 'bracket 240', 'confirm 180']]);
    expect(answer.lower?.load).toBeLessThanOrEqual(CAPACITY);
    expect(answer.upper?.load).toBeGreaterThanOrEqual(CAPACITY);
    expect(answer.isRegular).toBe(true);
  });

  it('calls one metastable whose capacity has fallen for good, and ends', async ({ expect, skip }) => {
    // 600 a second fill 250 places a second of the line: it waits 400 ms after 0.8 s, before a window can be over and end the hold.
    const event = 'limit: { rate: 350/s, burst: 50, wait: true, collapse: { wait: 400ms, rate: 60/s } }';
    const { answer, steps } = await realSearch({ event, goals: GOALS, from: 300, to: 600, precision: 1 });
    skip(answer.ending === 'generator-limited', answer.sentence);
    expect([answer.ending, [...new Set(steps)]]).toEqual([
      'metastable',
      ['bracket 300', 'bracket 600', 'confirm 300', 'recheck 300'],
    ]);
    expect(answer.fall).toMatchObject({ load: 300, overload: 600 });
    // What had been found before the fall stays the answer.
    expect(answer).toMatchObject({ lower: { load: 300 }, upper: { load: 600 } });
    expect(answer.sentence).toContain('Metastable: after the overload at 600 logins/s');
  });
});
