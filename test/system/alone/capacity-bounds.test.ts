import { describe, it } from 'vitest';
import { type RealSearch, realSearch } from '../../fixtures/study/real-search.ts';
import { Bystander, MIN_IDLE_SHARE } from './bystander.ts';

/**
 * Real searches on services of known capacity, one of each kind, at once, as each waits for most of its time; that they find it in 20 of 20
 * searches is proved in virtual time (test/property/capacity-search.test.ts). A load for which the generator was late is held once more; where it
 * was the limit, or the machine had no core to spare, nothing is proved.
 */

const CAPACITY = 200;
/** A login that is answered takes milliseconds and one that waits in line seconds: what lies between is left to a slow machine. */
const GOALS = ['response.p99 < 1s', 'accepted.ratio >= 99%'];

describe.concurrent('a capacity search on a real service', () => {
  it.for([
    // Of 300 a second, 100 are refused once those 100 places are taken: after one second of the two before the first window.
    ['refuses', 'limit: { rate: 200/s, burst: 100, refuse: 3 }'],
    // 300 a second fill 100 places a second of the line: it waits 1 s after 2.5 s, in the middle of the first window.
    ['lets wait', 'limit: { rate: 200/s, burst: 50, wait: true }'],
  ])('finds how many logins per second it admits that %s what is above', async ([, event = ''], { expect, skip }) => {
    const found = await undisturbed({ event, goals: GOALS, from: 150, to: 300, precision: 1 });
    if (typeof found === 'string') return skip(found);
    const { answer, steps } = found;
    const course = [answer.ending, [...new Set(steps)]];
    expect(course, answer.sentence).toEqual(['found', ['bracket 150', 'bracket 300', 'confirm 150']]);
    expect(answer.lower?.load).toBeLessThanOrEqual(CAPACITY);
    expect(answer.upper?.load).toBeGreaterThanOrEqual(CAPACITY);
    expect(answer.isRegular).toBe(true);
  });

  it('calls one metastable whose capacity has fallen for good, and ends', async ({ expect, skip }) => {
    // 600 a second fill 250 places a second of the line: it waits 1.5 s after 2.3 s, and more than the second that is allowed before that.
    const event = 'limit: { rate: 350/s, burst: 50, wait: true, collapse: { wait: 1500ms, rate: 60/s } }';
    const found = await undisturbed({ event, goals: GOALS, from: 300, to: 600, precision: 1 });
    if (typeof found === 'string') return skip(found);
    const { answer, steps } = found;
    const course = [answer.ending, [...new Set(steps)]];
    expect(course, answer.sentence).toEqual([
      'metastable',
      ['bracket 300', 'bracket 600', 'confirm 300', 'recheck 300'],
    ]);
    expect(answer.fall).toMatchObject({ load: 300, overload: 600 });
    // What had been found before the fall stays the answer.
    expect(answer).toMatchObject({ lower: { load: 300 }, upper: { load: 600 } });
    expect(answer.sentence).toContain('Metastable: after the overload at 600 logins/s');
  });
});

/** A process with nothing to do that is later than this is on a machine that stands still, and so is a service that has much to do. */
const MAX_BYSTANDER_LATE_MS = 300;

/** What a search found while the machine had a core to spare all the time; in words, why it had none. */
async function undisturbed(asked: RealSearch): Promise<Awaited<ReturnType<typeof realSearch>> | string> {
  const bystander = await Bystander.start();
  const found = await realSearch(asked);
  const { maxMs, idleShare } = await bystander.stop();
  if (maxMs > MAX_BYSTANDER_LATE_MS) return `an idle process did not get a core for ${Math.round(maxMs)} ms`;
  if (idleShare < MIN_IDLE_SHARE) return `only ${Math.round(idleShare * 100)}% of the cores' time was left over`;
  return found.answer.ending === 'generator-limited' ? found.answer.sentence : found;
}
