import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentsBed, agentsBed } from './agents-bed.ts';

const SCENARIO = `
version: 1
name: spread
seed: 7
duration: 4s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 301, connect: { arrival: rate, rate: 200/s } }
  - { name: gates, productKey: a1Gates, devices: 40, connect: { arrival: ramp, over: 500ms } }
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

describe('a run on agents', () => {
  it('counts exactly, and leaves nothing in Redis', async () => {
    const [a, b] = await Promise.all([bed.agent('a'), bed.agent('b', ['--workers', '2'])]);
    const run = await bed.run(scenario, 2).ended;
    expect(run).toMatchObject({ code: 0 });
    const summary = await bed.summary();
    expect(summary.total.outcomes).toMatchObject([{ outcome: 'accepted', count: 341 }]);
    expect(bed.broker.logins()).toBe(341);
    expect(summary.workers.map(({ host }) => host)).toEqual(['a', 'b', 'b']);
    expect(summary.workers.map(({ state }) => state)).toEqual(['finished', 'finished', 'finished']);
    await expect.poll(() => bed.leftovers()).toEqual([]);
    a.child.kill('SIGTERM');
    b.child.kill('SIGINT');
    expect(await a.ended).toMatchObject({ code: 0 });
    expect(await b.ended).toMatchObject({ code: 0 });
    expect(await bed.redis.keys()).toEqual([]);
  });
});
