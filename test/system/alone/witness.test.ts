import { stdout } from 'node:process';
import { describe, expect, it } from 'vitest';
import { ThreadHost } from '../../../src/host/threads/thread-host.ts';
import type { Percentiles } from '../../../src/results/summary/percentiles.ts';
import type { Summary } from '../../../src/results/summary/summary.ts';
import { runScenario } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { ScriptedServer } from '../../fixtures/servers/scripted-server.ts';
import { CONNACK_0 } from '../../fixtures/servers/scripts.ts';
import { PacketCapture, type WitnessedConnection } from '../packet-capture.ts';
import { testBed } from '../test-bed.ts';
import { Bystander } from './bystander.ts';

/** The tool's figures against those of a second witness: the packets on the wire. */

/** Each is measured twice, so what the two tell of it can be compared however few they are. */
const SESSIONS = 1_000;
const RANKS = [
  ['p50Us', 0.5],
  ['p90Us', 0.9],
  ['p99Us', 0.99],
] as const;

/**
 * The two witnesses agree to a few tenths of a millisecond where the generator has a core as soon as an answer is there: told by a process
 * beside it that has nothing to do and asks for a core every 5 ms.
 */
const FREE_CORE_LATE_MS = 1;

const bed = testBed();

interface Beside {
  readonly summary: Summary;
  readonly seen: readonly WitnessedConnection[];
  /** How late a process was that had nothing to do: p99. */
  readonly bystanderLateMs: number;
}

async function witnessed(client: string, port: number, name: string, entry = 'dist/fleet/entry.js'): Promise<Beside> {
  const text = JSON.stringify({
    ...{
      version: 1,
      name,
      duration: `${SESSIONS / 1_000 + 1.5}s`,
      workers: 1,
      client,
      target: { mqtt: `mqtt://127.0.0.1:${port}` },
    },
    fleets: [{ name: 'm', productKey: 'pk', devices: SESSIONS, connect: { arrival: 'rate', rate: '1000/s' } }],
  });
  const check = await loadScenario({ path: 'x.yaml', text }, []);
  if (!check.ok) expect.fail(JSON.stringify(check.faults));
  const capture = await PacketCapture.start(port);
  const bystander = await Bystander.start();
  const host = new ThreadHost({ env: {}, entry: new URL(`../../../${entry}`, import.meta.url) });
  const { summary } = await runScenario(check.scenario, { host });
  const { p99Ms: bystanderLateMs } = await bystander.stop();
  return { summary, seen: await capture.stop(), bystanderLateMs };
}

function accepted(summary: Summary, measure: string): Percentiles {
  return summary.total.latency[measure]?.['accepted'] ?? expect.fail(`no ${measure}`);
}

function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * rank) - 1] ?? Number.NaN;
}

/**
 * The tool never tells less than the wire. It tells 10% or 0.3 ms more at most; where other work had the cores, what came was read later, by
 * as much as the tool itself says that its event loop was late, and ranks above the median say nothing.
 */
function expectSame(measure: string, wire: readonly number[], { summary, bystanderLateMs }: Beside): void {
  const tool = accepted(summary, measure);
  const hadCore = bystanderLateMs <= FREE_CORE_LATE_MS;
  const loopUs = hadCore ? 0 : Math.max(...summary.workers.map(({ eventLoopDelayMaxUs }) => eventLoopDelayMaxUs));
  const inMs = (us: readonly number[]): string => us.map((value) => (value / 1_000).toFixed(3)).join(' / ');
  const seen = RANKS.map(([, rank]) => percentile(wire, rank));
  stdout.write(
    `${summary.generator?.client} ${measure} p50 / p90 / p99 ms: tool ${inMs(RANKS.map(([name]) => tool[name]))}, wire ${inMs(seen)}; a bystander was ${bystanderLateMs.toFixed(1)} ms late: ${hadCore ? 'all ranks are compared' : 'only medians are compared, and to the event loop'}\n`,
  );
  expect(tool.count).toBe(wire.length);
  for (const [name, rank] of RANKS) {
    const wireUs = percentile(wire, rank);
    const words = `${measure} ${name}: tool ${tool[name]}, wire ${wireUs}, event loop ${loopUs}`;
    const tolerance = Math.max(300, wireUs * 0.1);
    expect(tool[name] - wireUs, words).toBeGreaterThanOrEqual(-tolerance);
    if (hadCore || rank === 0.5) expect(tool[name] - wireUs, words).toBeLessThanOrEqual(tolerance + loopUs);
  }
}

const tcp = ({ synUs, synAckUs }: WitnessedConnection): number => synAckUs - synUs;
const mqtt = ({ connectUs, connackUs }: WitnessedConnection): number => connackUs - connectUs;
const service = ({ synUs, connackUs }: WitnessedConnection): number => connackUs - synUs;

describe.each(['lean', 'mqttjs'])('%s beside the wire', (client) => {
  it('agrees at 1,000 logins a second, and counts the same', async () => {
    const beside = await witnessed(client, bed.port, `plain-${client}`);
    const logins = beside.seen.filter(({ connackUs }) => connackUs >= 0);
    expect([beside.seen.length, logins.length]).toEqual([SESSIONS, SESSIONS]);
    expect(accepted(beside.summary, 'service').count).toBe(SESSIONS);
    expectSame('tcp', logins.map(tcp), beside);
    expectSame('mqtt', logins.map(mqtt), beside);
    expectSame('service', logins.map(service), beside);
  });
});

it('finds a known delay of CONNACK again', async () => {
  let logins = 0;
  const server = await ScriptedServer.start((connection) =>
    // 20 to 69 ms, each as often as any other.
    connection.onConnect(() => setTimeout(() => connection.socket.write(CONNACK_0), 20 + (logins++ % 50))),
  );
  const beside = await witnessed('lean', server.port, 'delayed');
  await server.stop();
  expect(accepted(beside.summary, 'mqtt').count).toBe(1_000);
  expectSame('mqtt', beside.seen.map(mqtt), beside);
  // The wire has the delay itself: as long as it was meant, and longer by what the server's timers were late.
  expect(percentile(beside.seen.map(mqtt), 0.5)).toBeGreaterThanOrEqual(43_000);
  expect(accepted(beside.summary, 'mqtt').p50Us).toBeGreaterThanOrEqual(43_000);
});

it('shows a pause of the generator where the wire shows none', async () => {
  const { summary, seen } = await witnessed('lean', bed.port, 'paused', 'test/fixtures/workers/pausing.js');
  expect(accepted(summary, 'slip').p99Us).toBeGreaterThan(400_000);
  expect(accepted(summary, 'response').p99Us).toBeGreaterThan(400_000);
  expect(summary.verdict.verdict).toBe('generator-limited');
  expect(summary.verdict.reasons[0]).toMatch(/of the attempts started/);
  expect(percentile(seen.map(service), 0.9)).toBeLessThan(200_000);
});
