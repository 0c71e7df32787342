import { join } from 'node:path';
import { describe, it } from 'vitest';
import { CALMLY } from './agents-bed.ts';
import { heldBed } from './agents-held.ts';

describe.concurrent('a run on agents', () => {
  it('is ended in order by its agents when nothing is heard of it any more, leaves nothing, and ends in order at Ctrl-C', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const { a, b, run } = await bed.held('60s');
    run.child.kill('SIGKILL');
    await Promise.all([a, b].map((agent) => agent.waitFor('the share ended early')));
    for (const agent of [a, b])
      expect(agent.output()).toContain('Ending sessions: nothing was heard of the coordinator for 15 s');
    await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
    // They are there for the next run, and for one more.
    const next = bed.run(bed.scenario, 2, ['--set', 'duration=3s', '--out', join(bed.folder, 'next')]);
    expect((await next.ended).code).toBe(0);
    const out = join(bed.folder, 'interrupted');
    const { run: interrupted } = await bed.held('60s', out);
    interrupted.child.kill('SIGINT');
    expect(await interrupted.ended).toMatchObject({ code: 130 });
    expect((await bed.summary(out)).total.ended).toEqual({ stopped: 100 });
    expect(await bed.leftovers()).toEqual([]);
    await a.waitFor('the share was played to its end');
  });

  it('takes other agents than a run at the same time', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    await Promise.all(['a', 'b', 'c'].map((name) => bed.agent(name)));
    const set = ['--set', 'duration=12s'];
    const one = bed.run(bed.scenario, 1, [...set, '--out', join(bed.folder, 'one')]);
    // Devices of other names: to mosquitto, two of one name that sign in the same millisecond have the same client id.
    const others = ['--set', 'fleets.0.name=others'];
    const two = bed.run(bed.scenario, 2, [...set, ...others, '--out', join(bed.folder, 'two')]);
    expect((await one.ended).code).toBe(0);
    expect((await two.ended).code).toBe(0);
    const [first, second] = [await bed.summary(join(bed.folder, 'one')), await bed.summary(join(bed.folder, 'two'))];
    const names = [...(first.hosts ?? []), ...(second.hosts ?? [])].map(({ name }) => name);
    expect(names.sort()).toEqual(['a', 'b', 'c']);
    expect(bed.broker.logins()).toBe(200);
    await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
  });
});
