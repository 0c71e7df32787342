import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'vitest';
import { type AgentsBed, agentsBed, CALMLY } from './agents-bed.ts';

const SCENARIO = `
version: 1
name: spread
seed: 7
duration: 12s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 301, connect: { arrival: rate, rate: 200/s } }
  - { name: gates, productKey: a1Gates, devices: 40, connect: { arrival: ramp, over: 500ms } }
`;

const WAITING = `
version: 1
name: waiting
seed: 7
duration: 10s
client: lean
target: { emulator: { profile: "2017", listen: "127.0.0.1:0" } }
fleets:
  - { name: meters, productKey: a1Meters, devices: 40, connect: { arrival: ramp, over: 1s }, reconnect: { base: 100ms } }
events:
  - { after: { online: 100%, wait: 300ms }, drop: { fraction: 50%, by: reset } }
`;

/** A bed and the path of a scenario in it. */
async function bedWith(text: string, test: TestContext): Promise<{ bed: AgentsBed; scenario: string }> {
  const bed = await agentsBed(test);
  const scenario = join(bed.folder, 'scenario.yaml');
  await writeFile(scenario, text);
  return { bed, scenario };
}

describe.concurrent('a run on agents', () => {
  it('counts exactly, and leaves nothing in Redis', async (test) => {
    const { expect } = test;
    const { bed, scenario } = await bedWith(SCENARIO, test);
    const [a, b] = await Promise.all([bed.agent('a'), bed.agent('b', ['--workers', '2'])]);
    const run = await bed.run(scenario, 2).ended;
    expect(run).toMatchObject({ code: 0 });
    const summary = await bed.summary();
    expect(summary.total.outcomes).toMatchObject([{ outcome: 'accepted', count: 341 }]);
    expect(bed.broker.logins()).toBe(341);
    expect(summary.workers.map(({ host }) => host)).toEqual(['a', 'b', 'b']);
    expect(summary.workers.map(({ state }) => state)).toEqual(['finished', 'finished', 'finished']);
    await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
    a.child.kill('SIGTERM');
    b.child.kill('SIGINT');
    expect(await a.ended).toMatchObject({ code: 0 });
    expect(await b.ended).toMatchObject({ code: 0 });
    expect(await bed.redis.keys()).toEqual([]);
  });

  it('does not mind an agent whose wall clock is ten minutes off', async (test) => {
    const { expect } = test;
    const { bed, scenario } = await bedWith(SCENARIO, test);
    const shifted = 'const now = Date.now; Date.now = () => now() + 600_000;';
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(shifted)}` };
    await Promise.all([bed.agent('a'), bed.agent('b', [], env)]);
    expect((await bed.run(scenario, 2).ended).code).toBe(0);
    const { total, hosts, verdict } = await bed.summary();
    expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 341 }]);
    expect(verdict.verdict).not.toBe('degraded');
    expect(hosts?.map(({ state, clockErrorUs = Number.NaN }) => [state, clockErrorUs < 50_000])).toEqual([
      ['finished', true],
      ['finished', true],
    ]);
    await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
  });
});

describe.concurrent('a run on agents against the embedded emulator', () => {
  it('plays events that wait for a state, and names the agent of each attempt', async (test) => {
    const { expect } = test;
    const { bed, scenario } = await bedWith(WAITING, test);
    await Promise.all([bed.agent('a'), bed.agent('b')]);
    const attempts = join(bed.folder, 'attempts.csv');
    const out = join(bed.folder, 'waiting');
    const run = bed.runAsIs(scenario, 2, ['--out', out, '--attempts', attempts]);
    expect((await run.ended).code).toBe(0);
    const { events, total, crossChecks, hosts } = await bed.summary(out);
    expect(events).toMatchObject([{ kind: 'drop', asked: 20, met: 20 }]);
    expect(total.ended).toEqual({ dropped: 20, stopped: 40 });
    expect(crossChecks.filter(({ rule }) => rule === 'equal').every(({ tool, emulator }) => tool === emulator)).toBe(
      true,
    );
    expect(hosts?.every(({ clockErrorUs = Number.NaN }) => clockErrorUs < 50_000)).toBe(true);
    const [header = '', ...rows] = (await readFile(attempts, 'utf8')).trimEnd().split('\n');
    expect(header.endsWith(',agent')).toBe(true);
    const byAgent = new Set(rows.map((row) => row.split(',').at(-1)));
    expect([...byAgent].sort()).toEqual(['a', 'b']);
    expect(rows).toHaveLength(60);
    await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
  });

  it('is refused unless the emulator was told where to listen', async (test) => {
    const { expect } = test;
    const { bed, scenario } = await bedWith(WAITING.replace(', listen: "127.0.0.1:0"', ''), test);
    await bed.agent('a');
    const { code, stderr } = await bed.runAsIs(scenario, 1).ended;
    expect(code).toBe(3);
    expect(stderr).toContain('target.emulator.listen');
  });
});
