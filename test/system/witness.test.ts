import { stdout } from 'node:process';
import { describe, expect, it } from 'vitest';
import type { Percentiles, Summary } from '../../src/metrics/results.ts';
import { runScenario } from '../../src/run/run.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { CONNACK_0 } from '../fixtures/servers/scripts.ts';
import { PacketCapture, type WitnessedConnection } from './packet-capture.ts';
import { testBed } from './test-bed.ts';

/** The tool's figures against those of a second witness: the packets on the wire. */

const SESSIONS = 3_000;
const RANKS = [
  ['p50Us', 0.5],
  ['p90Us', 0.9],
  ['p99Us', 0.99],
] as const;

const bed = testBed();

async function witnessed(
  client: string,
  port: number,
  name: string,
  sessions = SESSIONS,
  entry = 'dist/fleet/entry.js',
) {
  const text = JSON.stringify({
    ...{ version: 1, name, duration: '5s', workers: 1, client, target: { mqtt: `mqtt://127.0.0.1:${port}` } },
    fleets: [{ name: 'm', productKey: 'pk', devices: sessions, connect: { arrival: 'rate', rate: '1000/s' } }],
  });
  const check = await loadScenario({ path: 'x.yaml', text }, []);
  if (!check.ok) expect.fail(JSON.stringify(check.faults));
  const capture = await PacketCapture.start(port);
  const { summary } = await runScenario(check.scenario, {
    ...{ outFolder: `${bed.folder}/${name}`, resultsFolder: bed.folder, workers: undefined, env: {}, warnings: [] },
    observer: { onStart: () => undefined, onInterval: () => undefined },
    threads: { entry: new URL(`../../${entry}`, import.meta.url), maxOwedIntervals: 20 },
  });
  return { summary, seen: await capture.stop() };
}

function accepted(summary: Summary, measure: string): Percentiles {
  return summary.total.latency[measure]?.['accepted'] ?? expect.fail(`no ${measure}`);
}

function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * rank) - 1] ?? Number.NaN;
}

/** Within 10 % or 0.3 ms. */
function expectSame(measure: string, wire: readonly number[], summary: Summary): void {
  const tool = accepted(summary, measure);
  const inMs = (us: readonly number[]): string => us.map((value) => (value / 1_000).toFixed(3)).join(' / ');
  const seen = RANKS.map(([, rank]) => percentile(wire, rank));
  stdout.write(
    `${summary.generator?.client} ${measure} p50 / p90 / p99 ms: tool ${inMs(RANKS.map(([name]) => tool[name]))}, wire ${inMs(seen)}\n`,
  );
  for (const [name, rank] of RANKS) {
    const wireUs = percentile(wire, rank);
    const words = `${name}: tool ${tool[name]}, wire ${wireUs}`;
    expect(Math.abs(tool[name] - wireUs), words).toBeLessThanOrEqual(Math.max(300, wireUs * 0.1));
  }
}

const tcp = ({ synUs, synAckUs }: WitnessedConnection): number => synAckUs - synUs;
const mqtt = ({ connectUs, connackUs }: WitnessedConnection): number => connackUs - connectUs;
const service = ({ synUs, connackUs }: WitnessedConnection): number => connackUs - synUs;

describe.each(['lean', 'mqttjs'])('%s beside the wire', (client) => {
  // Once more where other work had the cores: both witnesses then wait for them, but not for the same ones.
  it('agrees at 1,000 logins a second, and counts the same', { retry: 2 }, async () => {
    const { summary, seen } = await witnessed(client, bed.port, `plain-${client}`);
    const logins = seen.filter(({ connackUs }) => connackUs >= 0);
    expect([seen.length, logins.length]).toEqual([SESSIONS, SESSIONS]);
    expect(accepted(summary, 'service').count).toBe(SESSIONS);
    expectSame('tcp', logins.map(tcp), summary);
    expectSame('mqtt', logins.map(mqtt), summary);
    expectSame('service', logins.map(service), summary);
  });
});

it('finds a known delay of CONNACK again', async () => {
  let logins = 0;
  const server = await ScriptedServer.start((connection) =>
    // 20 to 69 ms, each as often as any other.
    connection.onConnect(() => setTimeout(() => connection.socket.write(CONNACK_0), 20 + (logins++ % 50))),
  );
  const { summary, seen } = await witnessed('lean', server.port, 'delayed', 1_000);
  await server.stop();
  const found = accepted(summary, 'mqtt');
  expect(found.count).toBe(1_000);
  expectSame('mqtt', seen.map(mqtt), summary);
  expect(found.p50Us).toBeGreaterThanOrEqual(44_000);
  expect(found.p50Us).toBeLessThanOrEqual(50_000);
});

it('shows a pause of the generator where the wire shows none', async () => {
  const { summary, seen } = await witnessed('lean', bed.port, 'paused', SESSIONS, 'test/fixtures/workers/pausing.js');
  expect(accepted(summary, 'slip').p99Us).toBeGreaterThan(400_000);
  expect(accepted(summary, 'response').p99Us).toBeGreaterThan(400_000);
  expect(summary.verdict.verdict).toBe('generator-limited');
  expect(summary.verdict.reasons[0]).toMatch(/of the attempts started/);
  expect(percentile(seen.map(service), 0.9)).toBeLessThan(200_000);
});
