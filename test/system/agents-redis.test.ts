import { describe, it } from 'vitest';
import { CALMLY } from './agents-bed.ts';
import { ended, heldBed, sleep } from './agents-held.ts';

describe.concurrent('a run on agents', () => {
  it('counts everything once if Redis is started again, empty, in its midst', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const { a, run } = await bed.held('14s');
    await bed.redis.stop();
    await sleep(4_000);
    await bed.redis.start();
    expect((await run.ended).code).toBe(0);
    expect(a.output()).toMatch(/Redis does not answer[\s\S]*Redis answers again[\s\S]*played to its end/);
    const { total, hosts, warnings } = await bed.summary();
    expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
    expect(total.ended).toEqual({ stopped: 100 });
    expect(hosts?.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(warnings).toEqual([]);
    expect(bed.broker.logins()).toBe(100);
    await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
  });

  it('goes on and says so if Redis is full for some time', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const { a, run } = await bed.held('14s');
    await bed.redis.ask('config', 'set', 'maxmemory', '1');
    await a.waitFor('Redis is full (maxmemory)');
    await bed.redis.ask('config', 'set', 'maxmemory', '0');
    expect((await run.ended).code).toBe(98);
    const { total, verdict } = await bed.summary();
    expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
    expect(total.ended).toEqual({ stopped: 100 });
    expect(verdict.reasons.join('\n')).toMatch(/^a: Redis was full \(maxmemory\)/m);
    await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
  });

  it('gives up when Redis is gone for good; agents end in order, say so, and wait for it', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const { a, run } = await bed.held('90s');
    await bed.redis.stop();
    await a.waitFor('Ending sessions: Redis did not answer for 30 s');
    const { code } = await run.ended;
    expect(code).toBe(98);
    const { hosts } = await bed.summary();
    expect(hosts?.map(({ state, error }) => [state, error])).toEqual([
      ['lost', 'Redis did not answer for 45 s'],
      ['lost', 'Redis did not answer for 45 s'],
    ]);
    await a.waitFor('the share ended early');
    expect(await ended(a)).toBe(0);
  });
});
