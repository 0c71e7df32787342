import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningCli } from '../e2e/cli.ts';
import { type AgentsBed, agentsBed } from './agents-bed.ts';

/** Everybody is online within 2 s, and stays so. */
const SCENARIO = `
version: 1
name: held
seed: 7
duration: 30s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 100, connect: { arrival: ramp, over: 2s } }
`;

let bed: AgentsBed;
let scenario: string;

beforeEach(async () => {
  bed = await agentsBed();
  scenario = join(bed.folder, 'scenario.yaml');
  await writeFile(scenario, SCENARIO);
});

afterEach(async () => {
  await bed.close();
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A run on two agents of which every session is online. */
async function heldRun(duration = '30s'): Promise<{ a: RunningCli; b: RunningCli; run: RunningCli }> {
  const [a, b] = await Promise.all([bed.agent('a'), bed.agent('b')]);
  const run = bed.run(scenario, 2, ['--set', `duration=${duration}`]);
  await run.waitFor('Running held');
  await expect.poll(() => bed.broker.logins()).toBe(100);
  return { a, b, run };
}

async function ended(agent: RunningCli, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  agent.child.kill(signal);
  return (await agent.ended).code;
}

describe('a run on agents', () => {
  it('goes on without one that is killed, counts its sessions as lost, and plays its share nowhere else', async () => {
    const { a, b, run } = await heldRun('28s');
    b.child.kill('SIGKILL');
    const { code, stderr } = await run.ended;
    expect(code).toBe(98);
    expect(stderr).toMatch(/b has not been heard for 5 s; after 20 s it is lost\n[^]*b is lost: nothing was heard of it for 20 s/);
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

  it('counts everything once if Redis is started again, empty, in its midst', async () => {
    const { a, run } = await heldRun('14s');
    await bed.redis.stop();
    await sleep(4_000);
    await bed.redis.start();
    expect((await run.ended).code).toBe(0);
    expect(a.output()).toMatch(/Redis does not answer[^]*Redis answers again[^]*played to its end/);
    const { total, hosts, warnings } = await bed.summary();
    expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
    expect(total.ended).toEqual({ stopped: 100 });
    expect(hosts?.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(warnings).toEqual([]);
    expect(bed.broker.logins()).toBe(100);
    await expect.poll(() => bed.leftovers()).toEqual([]);
  });

  it('is ended in order by its agents when nothing is heard of it any more, and leaves nothing', async () => {
    const { a, b, run } = await heldRun('60s');
    run.child.kill('SIGKILL');
    await Promise.all([a, b].map((agent) => agent.waitFor('the share ended early')));
    for (const agent of [a, b])
      expect(agent.output()).toContain('Ending sessions: nothing was heard of the coordinator for 15 s');
    await expect.poll(() => bed.leftovers()).toEqual([]);
    // They are there for the next run.
    const next = bed.run(scenario, 2, ['--set', 'duration=3s', '--out', join(bed.folder, 'next')]);
    expect((await next.ended).code).toBe(0);
  });

  it('goes on without an agent that is asked to end, which ends its sessions in order', async () => {
    const { b, run } = await heldRun('8s');
    expect(await ended(b, 'SIGINT')).toBe(0);
    expect((await run.ended).code).toBe(98);
    const { verdict, hosts, total } = await bed.summary();
    expect(verdict.reasons).toContain('b ended its share early: the agent was asked to end');
    expect(hosts).toMatchObject([{ state: 'finished' }, { name: 'b', state: 'stopped', lostSessions: 0 }]);
    expect(total.ended).toEqual({ stopped: 100 });
  });

  it('tells an agent that was given up and comes back to stop', async () => {
    const { b, run } = await heldRun('35s');
    b.child.kill('SIGSTOP');
    await run.waitFor('b is lost');
    b.child.kill('SIGCONT');
    await b.waitFor('the share ended early: the coordinator has given this share up');
    const { code } = await run.ended;
    expect(code).toBe(98);
    expect(await bed.leftovers()).toEqual([]);
  });

  it('goes on with an agent that is back in time', async () => {
    const { b, run } = await heldRun('16s');
    b.child.kill('SIGSTOP');
    await sleep(8_000);
    b.child.kill('SIGCONT');
    expect((await run.ended).code).toBe(0);
    const { hosts, total } = await bed.summary();
    expect(hosts?.[1]).toMatchObject({ state: 'finished', lostSessions: 0 });
    expect(hosts?.[1]?.longestSilenceSec).toBeGreaterThan(5);
    expect(total.ended).toEqual({ stopped: 100 });
  });

  it('goes on and says so if Redis is full for some time', async () => {
    const { a, run } = await heldRun('14s');
    await bed.redis.ask('config', 'set', 'maxmemory', '1');
    await a.waitFor('Redis is full (maxmemory)');
    await bed.redis.ask('config', 'set', 'maxmemory', '0');
    expect((await run.ended).code).toBe(98);
    const { total, verdict } = await bed.summary();
    expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
    expect(total.ended).toEqual({ stopped: 100 });
    expect(verdict.reasons.join('\n')).toMatch(/^a: Redis was full \(maxmemory\)/m);
    await expect.poll(() => bed.leftovers()).toEqual([]);
  });

  it('gives up when Redis is gone for good; agents end in order, say so, and wait for it', async () => {
    const { a, run } = await heldRun('90s');
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

  it('ends in order at Ctrl-C, and at once at the second', async () => {
    const { a, run } = await heldRun('60s');
    run.child.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130 });
    expect((await bed.summary()).total.ended).toEqual({ stopped: 100 });
    expect(await bed.leftovers()).toEqual([]);
    await a.waitFor('the share was played to its end');
  });
});

describe('two runs at once', () => {
  it('on one Redis take different agents', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => bed.agent(name)));
    const set = ['--set', 'duration=5s'];
    const one = bed.run(scenario, 1, [...set, '--out', join(bed.folder, 'one')]);
    const two = bed.run(scenario, 2, [...set, '--out', join(bed.folder, 'two')]);
    expect((await one.ended).code).toBe(0);
    expect((await two.ended).code).toBe(0);
    const [first, second] = [await bed.summary(join(bed.folder, 'one')), await bed.summary(join(bed.folder, 'two'))];
    const names = [...(first.hosts ?? []), ...(second.hosts ?? [])].map(({ name }) => name);
    expect(names.sort()).toEqual(['a', 'b', 'c']);
    expect(bed.broker.logins()).toBe(200);
    await expect.poll(() => bed.leftovers()).toEqual([]);
  });
});

describe('a run that agents cannot play', () => {
  it('is refused before anything starts: too few, too small, busy, or of another version', async () => {
    const a = await bed.agent('a', ['--sessions', '60']);
    const few = await bed.run(scenario, 2, ['--wait', '2s']).ended;
    expect(few).toMatchObject({ code: 3, stdout: '' });
    expect(few.stderr).toContain('The run was not started: 1 of 2 agents were free (a) within 2s.');
    const small = await bed.run(scenario, 1).ended;
    expect(small.code).toBe(3);
    expect(small.stderr).toContain('1 agent holds a 60 (--sessions) = 60 sessions, and the scenario has 100');
    const facts = { ...JSON.parse((await bed.redis.ask('get', 'fleetstorm:agent:a')).join('')), name: 'x', version: '9.9.9' };
    await bed.redis.ask('set', 'fleetstorm:agent:x', JSON.stringify({ ...facts, mostSessions: 1_000 }));
    await bed.redis.ask('sadd', 'fleetstorm:agents', 'x');
    const other = await bed.run(scenario, 2).ended;
    expect(other.code).toBe(3);
    expect(other.stderr).toMatch(/agent x is fleetstorm 9\.9\.9 \(plan schema \d+\), and this is fleetstorm \d/);
    expect(await bed.leftovers()).toEqual([]);
    expect(bed.broker.logins()).toBe(0);
    expect(await ended(a)).toBe(0);
  });

  it('is refused by name if an agent is not ready in time', async () => {
    const [, b] = await Promise.all([bed.agent('a'), bed.agent('b')]);
    b.child.kill('SIGSTOP');
    const run = bed.run(scenario, 2, ['--wait', '6s']);
    expect(await run.ended).toMatchObject({ code: 3, stdout: '' });
    expect(run.output()).toContain('1 of 2 agents were ready within 6s: missing b');
    expect(bed.broker.logins()).toBe(0);
    expect(await bed.leftovers()).toEqual([]);
    // What waited for it meanwhile is gone.
    b.child.kill('SIGCONT');
    await sleep(2_000);
    expect(bed.broker.logins()).toBe(0);
    expect(b.output()).not.toContain('Playing');
  });

  it('is refused by an agent that may not load its target, by the names of both', async () => {
    await bed.agent('a');
    const run = bed.run(scenario, 1, [
      ...['--set', 'target.mqtt=mqtt://broker.invalid:1883', '--allow-remote', 'broker.invalid'],
    ]);
    expect((await run.ended).code).toBe(3);
    expect(run.output()).toContain("agent a may not load broker.invalid: whoever owns that machine must start it with --allow-remote 'broker.invalid'");
    expect(await bed.leftovers()).toEqual([]);
  });
});

describe('an agent', () => {
  it('refuses a name that is taken, and leaves nothing when it ends', async () => {
    const a = await bed.agent('a');
    const same = bed.agent('a').catch((error: unknown) => String(error));
    expect(await same).toContain('there is another agent called a');
    expect(await ended(a)).toBe(0);
    expect(await bed.redis.keys()).toEqual([]);
  });
});
