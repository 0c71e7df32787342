import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKernelCounters } from '../../../src/host/kernel-counters.ts';
import { type Summary, summarySchema } from '../../../src/results/summary/summary.ts';
import { runCli, testFolder } from '../../e2e/cli.ts';
import { TestCa } from '../../fixtures/servers/certificates.ts';
import { FullBacklog } from '../../fixtures/servers/full-backlog.ts';
import { startMosquitto } from '../mosquitto.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

/** Of each run. */
const ATTEMPTS = 60;

async function run(name: string, target: object, connect: object, duration: string): Promise<Summary> {
  const path = join(folder.path, `${name}.yaml`);
  const fleet = { name: 'meters', devices: ATTEMPTS, auth: { mode: 'password' }, connect };
  await writeFile(path, JSON.stringify({ version: 1, name, duration, client: 'lean', target, fleets: [fleet] }));
  const args = ['--no-probe', '--accept-limited', '--json', '--out', join(folder.path, name)];
  const { stdout, stderr } = await runCli(['run', path, ...args]);
  expect(stderr).toBe('');
  return summarySchema.parse(JSON.parse(stdout));
}

/* They wait for most of their time, so they do so together: none is in another's way. */

describe.concurrent('a listener whose queue is full for a while', () => {
  it('shows as steps in tcp, which the counter of the kernel confirms', async ({ expect }) => {
    const backlog = await FullBacklog.start();
    const running = run('backlog', { mqtt: `mqtt://127.0.0.1:${backlog.port}` }, { arrival: 'burst' }, '8s');
    // The SYNs of all have been sent again at least once, in vain.
    const before = (await readKernelCounters())?.synRetransmissions ?? 0;
    await expect
      .poll(async () => (await readKernelCounters())?.synRetransmissions ?? 0)
      .toBeGreaterThan(before + ATTEMPTS);
    backlog.release();
    const summary = await running.finally(() => backlog.stop());
    expect(summary.kernel?.synRetransmissions).toBeGreaterThanOrEqual(ATTEMPTS);
    const [hint] = summary.hints ?? [];
    expect(hint).toMatchObject({ hint: 'syn-retransmission', measure: 'tcp' });
    expect(hint?.finding).toContain('The machine confirms it');
    expect(summary.total.latency['tcp']?.['accepted']?.minUs).toBeGreaterThan(900_000);
  });
});

describe.concurrent('mosquitto over TLS', () => {
  const loginsOver = async (name: string, lines: readonly string[]): Promise<Summary> => {
    const ca = await TestCa.make('tests');
    const { cert, key } = await ca.sign('localhost', { dns: ['localhost'] });
    const [caFile, certFile, keyFile] = ['ca.pem', 'cert.pem', 'key.pem'].map((file) =>
      join(folder.path, `${name}-${file}`),
    );
    if (caFile === undefined || certFile === undefined || keyFile === undefined) throw new Error('three files');
    await Promise.all([writeFile(caFile, ca.pem), writeFile(certFile, cert), writeFile(keyFile, key)]);
    // mosquitto reads its key as a user of its own.
    await chmod(folder.path, 0o755);
    const tls = [`certfile ${certFile}`, `keyfile ${keyFile}`, 'allow_anonymous true', ...lines];
    const mosquitto = await startMosquitto(tls);
    const target = { mqtt: `mqtts://localhost:${mosquitto.port}`, tls: { ca: caFile } };
    return await run(name, target, { arrival: 'rate', rate: '20/s' }, '5s').finally(() => mosquitto.close());
  };

  it('shows its missing TCP_NODELAY as a step in mqtt', async ({ expect, skip }) => {
    const summary = await loginsOver('delayed', []);
    expect(summary.total.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['accepted', ATTEMPTS]]);
    // What this program adds itself on a busy machine hides 40 ms.
    skip(summary.verdict.verdict === 'generator-limited', 'the machine is too busy to measure 40 ms');
    expect(summary.hints).toMatchObject([{ hint: 'delayed-ack', measure: 'mqtt', attempts: ATTEMPTS }]);
  });

  it('has no such step with TCP_NODELAY', async ({ expect }) => {
    const summary = await loginsOver('at-once', ['set_tcp_nodelay true']);
    expect(summary.hints).toEqual([]);
  });
});
