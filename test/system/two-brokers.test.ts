import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { startCli, testFolder } from '../e2e/cli.ts';
import { startMosquitto } from './mosquitto.ts';
import { sysCountsOf } from './sys-counts.ts';

const SESSIONS = 4_000;
const CONFIG = ['allow_anonymous true', 'sys_interval 1', 'log_type error'];

it('holds sessions of one scenario at two brokers, in two processes, as both brokers count them', async () => {
  const folder = await testFolder();
  const brokers = [await startMosquitto(CONFIG), await startMosquitto(CONFIG)];
  const watches = await Promise.all(brokers.map(({ port }) => sysCountsOf(port)));
  try {
    const file = join(folder.path, 'two.yaml');
    await writeFile(file, scenarioAt(brokers.map(({ port }) => port)));
    const out = join(folder.path, 'out');
    const run = startCli(['run', file, '--processes', '2', '--json', '--accept-limited', '--out', out]);
    const connected = (): number[] => watches.map((watch) => watch.counts().connected);
    // The hold is there for a slow machine; what the brokers say is looked at while it lasts.
    await expect.poll(connected, { timeout: 480_000, interval: 100 }).toEqual([SESSIONS / 2, SESSIONS / 2]);
    run.child.kill('SIGINT');
    const { stdout, stderr } = await run.ended;
    expect(stderr).toBe('');
    const summary = summarySchema.parse(JSON.parse(stdout));
    expectEqualShares(
      summary,
      brokers.map(({ port }) => port),
    );
    expect(new Set(summary.workers.map(({ host }) => host)).size).toBe(2);
    expect(watches.map((watch) => watch.counts().maximum)).toEqual([SESSIONS / 2, SESSIONS / 2]);
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('Sessions online by address');
  } finally {
    for (const watch of watches) await watch.close();
    for (const broker of brokers) await broker.close();
    await folder.remove();
  }
});

function scenarioAt(ports: readonly number[]): string {
  return JSON.stringify({
    version: 1,
    name: 'two-brokers',
    duration: '10m',
    client: 'lean',
    target: { mqtt: ports.map((port) => `mqtt://127.0.0.1:${port}`) },
    fleets: [
      {
        name: 'sensors',
        productKey: 'demo',
        devices: SESSIONS,
        auth: { mode: 'password', clientId: `\${deviceName}` },
        connect: { arrival: 'rate', rate: '500/s' },
        keepalive: '10m',
      },
    ],
  });
}

function expectEqualShares({ total, addresses, scenario }: Summary, ports: readonly number[]): void {
  expect(scenario.spread).toBe('by-device');
  expect(total.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['accepted', SESSIONS]]);
  expect(addresses?.map(({ latency: _latency, ...counts }) => counts)).toEqual(
    ports.map((port) => ({
      address: `127.0.0.1:${port}`,
      outcomes: { accepted: SESSIONS / 2 },
      ended: { stopped: SESSIONS / 2 },
      online: { peak: SESSIONS / 2, last: SESSIONS / 2 },
    })),
  );
}
