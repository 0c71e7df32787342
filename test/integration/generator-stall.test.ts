import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../dist/scenario/load.js';
import type { Summary } from '../../src/results/summary/summary.ts';
import { runIntoFolder } from '../fixtures/run-into-folder.ts';
import { ScriptedServer, type ServerConnection } from '../fixtures/servers/scripted-server.ts';
import { CONNACK_0 } from '../fixtures/servers/scripts.ts';

/** Workers that stand still: while answers are awaited, and while sessions are ended. */

const DEVICES = 20;
/** After a stall of seconds 3 to 5, however late the first CONNECT came. */
const ANSWER_AFTER_MS = 6_000;
const TIMEOUT_MS = 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-stall-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function played(
  client: string,
  how: string,
  answer: (connection: ServerConnection) => void,
  duration = '4500ms',
): Promise<Summary> {
  const server = await ScriptedServer.start((connection) => connection.onConnect(() => answer(connection)));
  const scenario = {
    version: 1,
    name: 'stall',
    duration,
    workers: 1,
    client,
    target: { mqtt: `mqtt://127.0.0.1:${server.port}` },
    fleets: [{ name: 'm', productKey: 'pk', devices: DEVICES, connect: { arrival: 'burst' }, connectTimeout: '60s' }],
  };
  const check = await loadScenario({ path: 'inline.yaml', text: JSON.stringify(scenario) }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  const { summary } = await runIntoFolder(check.scenario, join(folder, `${client}-${how}`), {
    threads: { entry: new URL(`../fixtures/workers/${how}.js`, import.meta.url) },
  });
  await server.stop();
  return summary;
}

describe.concurrent.each(['lean', 'mqttjs'])('a worker of %s that stands still', { timeout: TIMEOUT_MS }, (client) => {
  it('while answers are awaited makes the run doubtful, though no threshold tests a latency', async () => {
    const answer = ({ socket }: ServerConnection) => void setTimeout(() => socket.write(CONNACK_0), ANSWER_AFTER_MS);
    const summary = await played(client, 'stalling', answer);
    const { verdict, generator, total, exitCode } = summary;
    expect(total.outcomes).toMatchObject([{ outcome: 'accepted', count: DEVICES }]);
    expect(generator?.stalledAttempts).toBe(DEVICES);
    // Less what had passed of the 10 ms between two looks when it began.
    expect(generator?.stallP99Us).toBeGreaterThan(1_980_000);
    expect(verdict.findings?.map(({ rule }) => rule)).toContain('stall');
    expect([verdict.verdict, exitCode]).toEqual(['generator-limited', 97]);
  });
});

it.concurrent('a worker that stands still while its sessions are ended has no part in its figures', {
  timeout: TIMEOUT_MS,
}, async ({ expect }) => {
  const summary = await played('lean', 'slow-stop', ({ socket }) => void socket.write(CONNACK_0), '2s');
  expect(summary.total.ended).toEqual({ stopped: DEVICES });
  // Twenty times 100 ms at the end, in one go, all of it work.
  const [worker] = summary.workers;
  expect(worker?.eventLoopDelayMaxUs).toBeLessThan(DEVICES * 100_000);
  expect(worker?.cpuShareMax).toBeLessThan(1.1);
  expect(summary.generator?.eventLoopDelayMaxUs).toBe(worker?.eventLoopDelayMaxUs);
});
