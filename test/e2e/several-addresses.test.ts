import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { RefusedPort } from '../fixtures/servers/refused-port.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import * as scripts from '../fixtures/servers/scripts.ts';
import { testFolder } from './cli.ts';
import { runHere } from './here.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let server: ScriptedServer;
let dead: RefusedPort;
beforeAll(async () => {
  folder = await testFolder();
  server = await ScriptedServer.start(scripts.accept);
  dead = await RefusedPort.hold();
});
afterAll(async () => {
  await server.stop();
  await dead.stop();
  await folder.remove();
});

/** 40 devices at two addresses, of which nobody listens at the second. */
async function scenario(name: string, spread: string): Promise<string> {
  const file = join(folder.path, `${name}.yaml`);
  const fleet = { name: 'meters', productKey: 'a1', devices: 40, connect: { arrival: 'ramp', over: '500ms' } };
  const target = { mqtt: [server.port, dead.port].map((port) => `mqtt://127.0.0.1:${port}`), spread };
  const reconnect = { growth: 'fixed', base: '100ms', maxAttempts: 2 };
  const whole = {
    version: 1,
    name,
    duration: '7s',
    client: 'lean',
    workers: 2,
    target,
    fleets: [{ ...fleet, reconnect }],
  };
  await writeFile(file, JSON.stringify(whole));
  return file;
}

describe.concurrent('a service with several addresses', () => {
  it('is told by validate: where devices go, and how many ports that takes', async () => {
    const { code, stdout, stderr } = await runHere(['validate', await scenario('told', 'next-on-failure')]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`target       mqtt://127.0.0.1:${server.port} and mqtt://127.0.0.1:${dead.port}\n`);
    expect(stdout).toContain('spread       next-on-failure: a device keeps its address until an attempt fails');
    expect(stdout).toMatch(/^local ports +20 to each of 2 addresses/m);
  });

  it('is probed at each address, and refused with the one that does not answer', async () => {
    const { code, stderr } = await runHere(['run', await scenario('probed', 'by-device')]);
    expect(code).toBe(4);
    expect(stderr).toContain(`The target does not answer: target.mqtt 127.0.0.1:${dead.port}: tcp-refused`);
    expect(stderr).not.toContain(`127.0.0.1:${server.port}`);
  });

  it('is told address by address in every output of a run', async () => {
    const [out, csv] = [join(folder.path, 'half'), join(folder.path, 'half.csv')];
    const file = await scenario('half', 'by-device');
    const files = ['--out', out, '--attempts', csv, '--accept-limited'];
    const { stdout } = await runHere(['run', file, '--no-probe', '--quiet', ...files]);
    expect(stdout).toContain('Addresses (by-device), with the response of accepted attempts\n');
    expect(stdout).toMatch(new RegExp(`^  127\\.0\\.0\\.1:${server.port} +20 +20 +0 +20 +20 `, 'm'));
    expect(stdout).toMatch(
      new RegExp(`^  127\\.0\\.0\\.1:${dead.port} +60 +0 +60 +0 +0 +- +-\\n    60 x tcp-refused$`, 'm'),
    );
    expect(stdout).toContain(`address 127.0.0.1:${dead.port}: none of 60 attempts got an answer`);

    const { addresses } = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
    expect(addresses?.map(({ outcomes }) => outcomes)).toEqual([{ accepted: 20 }, { 'tcp-refused': 60 }]);

    const rows: Record<string, string>[] = parse(await readFile(csv, 'utf8'), { columns: true });
    const at = (port: number): number => rows.filter(({ address }) => address === `127.0.0.1:${port}`).length;
    expect([at(server.port), at(dead.port), rows.length]).toEqual([20, 60, 80]);

    await runHere(['report', out, '--csv']);
    const seconds: Record<string, string>[] = parse(await readFile(join(out, 'addresses.csv'), 'utf8'), {
      columns: true,
    });
    const refused = seconds.reduce((sum, row) => sum + Number(row['outcome.tcp-refused']), 0);
    expect(refused).toBe(60);
  });

  it('has everybody online at the address that is left, where devices go on after a failure', async () => {
    const file = await scenario('moved', 'next-on-failure');
    const out = join(folder.path, 'moved');
    const { stdout } = await runHere(['run', file, '--no-probe', '--json', '--accept-limited', '--out', out]);
    const { total, addresses } = summarySchema.parse(JSON.parse(stdout));
    expect(total.online.last).toBe(40);
    expect(addresses?.map(({ outcomes, online }) => [outcomes, online.last])).toEqual([
      [{ accepted: 40 }, 40],
      [{ 'tcp-refused': 20 }, 0],
    ]);
  });
});
