import { describe, it } from 'vitest';
import { ended, heldBed, sleep } from './agents-held.ts';

describe.concurrent('a run that agents cannot play', () => {
  it('is refused before anything starts: too few, too small, busy, or of another version', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const a = await bed.agent('a', ['--sessions', '60']);
    const few = await bed.run(bed.scenario, 2, ['--wait', '2s']).ended;
    expect(few).toMatchObject({ code: 3, stdout: '' });
    expect(few.stderr).toContain('The run was not started: 1 of 2 agents were free (a) within 2s.');
    const small = await bed.run(bed.scenario, 1).ended;
    expect(small.code).toBe(3);
    expect(small.stderr).toContain('1 agent holds a 60 (--sessions) = 60 sessions, and the scenario has 100');
    const facts = {
      ...JSON.parse((await bed.redis.ask('get', 'fleetstorm:agent:a')).join('')),
      name: 'x',
      version: '9.9.9',
    };
    await bed.redis.ask('set', 'fleetstorm:agent:x', JSON.stringify({ ...facts, mostSessions: 1_000 }));
    await bed.redis.ask('sadd', 'fleetstorm:agents', 'x');
    const other = await bed.run(bed.scenario, 2).ended;
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(/agent x is fleetstorm 9\.9\.9 \(plan schema \d+\), and this is fleetstorm \d/);
    expect(await bed.leftovers()).toEqual([]);
    expect(bed.broker.logins()).toBe(0);
    expect(await ended(a)).toBe(0);
  });

  it('is refused by name if an agent is not ready in time', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const [, b] = await Promise.all([bed.agent('a'), bed.agent('b')]);
    const run = bed.run(bed.scenario, 2, ['--wait', '18s']);
    await b.waitFor('Preparing');
    b.child.kill('SIGSTOP');
    expect(await run.ended).toMatchObject({ code: 3, stdout: '' });
    expect(run.output()).toContain('1 of 2 agents were ready within 18s: missing b');
    expect(bed.broker.logins()).toBe(0);
    expect(await bed.leftovers()).toEqual([]);
    // What waited for it meanwhile is gone.
    b.child.kill('SIGCONT');
    await sleep(2_000);
    expect(bed.broker.logins()).toBe(0);
    expect(b.output()).not.toContain('Playing');
  });

  it('is refused by an agent that may not load its target, by the names of both; an agent refuses a name that is taken', async (test) => {
    const { expect } = test;
    const bed = await heldBed(test);
    const a = await bed.agent('a');
    const same = bed.agent('a').catch((error: unknown) => String(error));
    expect(await same).toContain('there is another agent called a');
    const run = bed.run(bed.scenario, 1, [
      ...['--set', 'target.mqtt=mqtt://broker.invalid:1883', '--allow-remote', 'broker.invalid'],
    ]);
    expect((await run.ended).code).toBe(3);
    expect(run.output()).toContain(
      "agent a may not load broker.invalid: whoever owns that machine must start it with --allow-remote 'broker.invalid'",
    );
    expect(await bed.leftovers()).toEqual([]);
    // It leaves nothing when it ends.
    expect(await ended(a)).toBe(0);
    expect(await bed.redis.keys()).toEqual([]);
  });
});
