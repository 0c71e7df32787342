import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, type ExpectStatic, it } from 'vitest';
import { untilOnline } from '../e2e/cli.ts';
import { CALMLY } from './agents-bed.ts';
import { makeNetwork, type Network, placeAt, type RunBed, runBed, withAgents } from './network-bed.ts';

/** What goes wrong between agents that each have a network namespace with addresses of its own. Needs what alone/agents-plan.test.ts needs. */

/** Few sessions, all online within a second. */
const SMALL = `
version: 1
name: small
seed: 11
duration: 12s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1" }
fleets:
  - { name: meters, productKey: a1Meters, devices: 100, connect: { arrival: ramp, over: 1s } }
`;

let network: Network;
beforeAll(async () => {
  network = await makeNetwork(5);
});
afterAll(async () => {
  await network?.remove();
});

/** Follows every command that reaches Redis; the returned function ends that and gives them. */
async function watchRedis({ redis }: RunBed, expect: ExpectStatic): Promise<() => Promise<string>> {
  const { hostname, port } = new URL(redis.url);
  const child = spawn('redis-cli', ['-h', hostname, '-p', port, 'monitor'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await expect.poll(() => text).toContain('OK');
  return async () => {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
    return text;
  };
}

describe.concurrent('what goes wrong', () => {
  it('a network cut between an agent and Redis leaves its sessions as they are, and nothing counts twice', async ({
    expect,
  }) => {
    await withAgents(network, { places: [4, 1], text: SMALL }, async (bed, [a], scenario) => {
      const run = bed.run(scenario, 2, ['--set', 'duration=20s']);
      await run.waitFor('Running small');
      await bed.broker.untilLogins(100);
      await placeAt(network, 4).linkToRedis('down');
      await a?.waitFor('Redis does not answer');
      await placeAt(network, 4).linkToRedis('up');
      expect((await run.ended).code).toBe(0);
      const { total, hosts } = await bed.summary();
      expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
      expect(total.ended).toEqual({ stopped: 100 });
      expect(hosts?.map(({ state }) => state)).toEqual(['finished', 'finished']);
      expect(bed.broker.logins()).toBe(100);
      await expect.poll(() => bed.leftovers(), CALMLY).toEqual([]);
    });
  });

  it('an agent that is killed before it is ready is missed by name', async ({ expect }) => {
    await withAgents(network, { places: [0, 1], text: SMALL }, async (bed, [a, b], scenario) => {
      // It gets its share, and is gone before it can prepare it: it cannot say itself that it is there until a slow machine has started the run.
      b?.child.kill('SIGSTOP');
      await bed.redis.ask('pexpire', 'fleetstorm:agent:b', '240000');
      const run = bed.run(scenario, 2, ['--wait', '20s']);
      await Promise.race([a?.waitFor('Preparing'), run.ended]);
      b?.child.kill('SIGKILL');
      const { code, stdout, stderr } = await run.ended;
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain('1 of 2 agents were ready within 20s: missing b');
      expect(bed.broker.logins()).toBe(0);
      expect(await bed.leftovers()).toEqual([]);
    });
  });

  it('an agent whose loss is noticed only after the end loses its sessions, and the run says so', async ({
    expect,
  }) => {
    await withAgents(network, { places: [2, 3], text: SMALL }, async (bed, [, b], scenario) => {
      const run = bed.run(scenario, 2);
      await run.waitFor('Running small');
      await untilOnline(join(bed.folder, 'out'), 100);
      b?.child.kill('SIGKILL');
      expect((await run.ended).code).toBe(98);
      const { verdict, hosts, total } = await bed.summary();
      expect(verdict.reasons.join('\n')).toMatch(/^b was lost .*, and 50 of its 50 sessions count as lost$/m);
      expect(hosts?.[1]).toMatchObject({ name: 'b', state: 'lost', lostSessions: 50 });
      expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 100 }]);
      expect(await bed.leftovers()).toEqual([]);
    });
  });

  it('a wrong key, a missing one and one on one side only are each refused in words, and nothing is sent open', async ({
    expect,
  }) => {
    const bed = await runBed(network);
    try {
      const keyOf = async (name: string): Promise<string> => {
        const path = join(bed.folder, `${name}.key`);
        await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600 });
        return path;
      };
      const [right, wrong] = [await keyOf('right'), await keyOf('wrong')];
      const devices = Array.from(
        { length: 20 },
        (_, index) => `d${index},secret-of-${index}-${randomBytes(8).toString('hex')},pk`,
      );
      await writeFile(join(bed.folder, 'devices.csv'), `DeviceName,DeviceSecret,ProductKey\n${devices.join('\n')}\n`);
      const scenario = join(bed.folder, 'scenario.yaml');
      await writeFile(
        scenario,
        SMALL.replace('productKey: a1Meters, devices: 100', 'devices: { csv: devices.csv }').replace('12s', '3s'),
      );
      await bed.agent('a', placeAt(network, 0), ['--key-file', right]);

      const without = await bed.run(scenario, 1).ended;
      expect(without.code).toBe(3);
      expect(without.stderr).toMatch(
        /holds secrets \(the device secrets of devices\.csv\), and those are never sent open: give run and every agent the same key/,
      );
      const other = await bed.run(scenario, 1, ['--key-file', wrong]).ended;
      expect(other.code).toBe(3);
      expect(other.stderr).toContain('sealed with another key than this agent has');
      const watched = await watchRedis(bed, expect);
      const good = await bed.run(scenario, 1, ['--key-file', right, '--out', join(bed.folder, 'good')]).ended;
      const all = await watched();
      expect(good.code, good.stderr).toBe(0);
      expect(bed.broker.logins()).toBe(20);
      expect(all.length).toBeGreaterThan(1_000);
      for (const row of devices) expect(all).not.toContain(row.split(',')[1]);
      expect(await bed.leftovers()).toEqual([]);
    } finally {
      await bed.close();
    }
  });

  it('the emulator of a run is reached by agents elsewhere only if it was asked to be, by an address in its certificate', async ({
    expect,
  }) => {
    await withAgents(network, { places: [0, 1], text: SMALL }, async (bed, _agents, scenario) => {
      const embedded = [
        '--set',
        'fleets.0.devices=20',
        '--set',
        'target={ emulator: {} }',
        '--set',
        'duration=6s',
        '--set',
        'fleets.0.auth={ mode: https-token }',
      ];
      const onLoopback = await bed.run(scenario, 2, embedded).ended;
      expect(onLoopback.code).not.toBe(0);
      expect(onLoopback.stderr).toContain('target.emulator.listen');
      const listen = ['--set', `target.emulator.listen=${network.serviceHost}`, '--out', join(bed.folder, 'open')];
      const open = await bed.run(scenario, 2, [...embedded, ...listen]).ended;
      expect(open.code, open.stderr).toBe(0);
      expect(open.stderr).toContain(
        `opens the emulator to other machines: whoever reaches ${network.serviceHost} can log in`,
      );
      const { total, crossChecks } = await bed.summary(join(bed.folder, 'open'));
      expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: 20 }]);
      expect(crossChecks.filter(({ rule }) => rule === 'equal').every(({ tool, emulator }) => tool === emulator)).toBe(
        true,
      );
    });
  });
});
