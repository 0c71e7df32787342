import { join } from 'node:path';
import { describe, it } from 'vitest';
import { ended, heldBed, sleep } from './agents-held.ts';

describe.concurrent('a run on agents', () => {
  it('goes on without one that is killed, counts its sessions as lost, and plays its share nowhere else', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const { a, b, run } = await bed.held('28s');
    b.child.kill('SIGKILL');
    const { code, stderr } = await run.ended;
    expect(code).toBe(98);
    expect(stderr).toMatch(
      /b has not been heard for 5 s; after 20 s it is lost\n[\s\S]*b is lost: nothing was heard of it for 20 s/,
    );
    const { verdict, hosts, total } = await bed.summary();
    expect(verdict.reasons).toContain(
      'b was lost (nothing was heard of it for 20 s), and 50 of its 50 sessions count as lost',
    );
    expect(hosts).toMatchObject([
      { name: 'a', state: 'finished', sessions: 50, lostSessions: 0 },
      { name: 'b', state: 'lost', sessions: 50, lostSessions: 50 },
    ]);
    expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
    expect(bed.broker.logins()).toBe(100);
    expect(await bed.leftovers()).toEqual([]);
    expect(await ended(a)).toBe(0);
  });

  it('tells an agent that was given up and comes back to stop', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const { b, run } = await bed.held('55s');
    b.child.kill('SIGSTOP');
    await Promise.all([run.waitFor('b is lost'), sleep(40_000)]);
    b.child.kill('SIGCONT');
    await b.waitFor('the share ended early: the coordinator has given this share up');
    const { code } = await run.ended;
    expect(code).toBe(98);
    expect(await bed.leftovers()).toEqual([]);
  });

  it('goes on with an agent that is back in time, and without one that is asked to end, which ends its sessions in order', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const { b, run } = await bed.held('18s');
    b.child.kill('SIGSTOP');
    await sleep(10_000);
    b.child.kill('SIGCONT');
    expect((await run.ended).code).toBe(0);
    const { hosts, total } = await bed.summary();
    expect(hosts?.[1]).toMatchObject({ state: 'finished', lostSessions: 0 });
    expect(hosts?.[1]?.longestSilenceSec).toBeGreaterThan(5);
    expect(total.ended).toEqual({ stopped: 100 });

    const out = join(bed.folder, 'next');
    const { run: next } = await bed.held('8s', out);
    expect(await ended(b, 'SIGINT')).toBe(0);
    expect((await next.ended).code).toBe(98);
    const without = await bed.summary(out);
    expect(without.verdict.reasons).toContain('b ended its share early: the agent was asked to end');
    expect(without.hosts).toMatchObject([{ state: 'finished' }, { name: 'b', state: 'stopped', lostSessions: 0 }]);
    expect(without.total.ended).toEqual({ stopped: 100 });
  });
});
