import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, cwd, stderr, stdout } from 'node:process';
import { startMosquitto } from '../system/mosquitto.ts';
import { makeCertificate } from './certificate.ts';
import { Floors } from './floor.ts';
import type { Load } from './load.ts';
import { benchMachine } from './machine.ts';
import { type FloorOf, measure, type Row } from './row.ts';
import { type BenchResult, benchText, HEAD, rowText } from './text.ts';
import { timeSpent } from './time-spent.ts';

/**
 * `npm run bench [-- SESSIONS [ROUNDS]]`: what a login costs this tool, compared with the least that any program could spend here. Linux
 * only: it reads /proc. Needs mosquitto and openssl; a C compiler for the floors, and libssl-dev for the one under TLS. Writes
 * results/benchmarks/. Exits with 1 if a row could not be measured.
 */
const SESSIONS = Number(argv[2] ?? 10_000);
const ROUNDS = Number(argv[3] ?? 5);
const RATES = [1_000, 5_000, 8_000];
const ALL_WORKERS = Math.max(2, cpus().length);
const DIRECT = { mode: 'direct' };
const EMULATOR = { emulator: { profile: '2017' } };
/** TLS handshakes cost both sides a millisecond: fewer sessions, slower. */
const SECURE = { sessions: Math.min(SESSIONS, 2_000), perSec: 250, workers: 1, transport: 'tls' } as const;
const QUIET = ['allow_anonymous true', 'log_type error'];

const machine = benchMachine();
const rows: Row[] = [];
const errors: string[] = [];
const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-bench-'));
const { certPath, keyPath } = makeCertificate(folder);
const floors = new Floors(folder, ROUNDS, notMeasured);
const mosquitto = await startMosquitto(QUIET);
// Started as root, it would switch to a user who may not read the key.
const secure = await startMosquitto([...QUIET, 'user root', `certfile ${certPath}`, `keyfile ${keyPath}`]).catch(
  async (error: unknown) => {
    await mosquitto.close();
    throw error;
  },
);
try {
  stdout.write(`${JSON.stringify(machine, null, 2)}\n${HEAD.join('\n')}\n`);
  const target = { mqtt: `mqtt://127.0.0.1:${mosquitto.port}` };
  const plain: Load = { client: 'lean', target, auth: DIRECT, workers: 1, perSec: 5_000, sessions: SESSIONS };
  await plainRows(plain);
  await tlsRows({ ...plain, ...SECURE });
  const spent = { lean: await timeSpent(plain), 'MQTT.js': await timeSpent({ ...plain, client: 'mqttjs' }) };
  const command = `npm run bench -- ${SESSIONS} ${ROUNDS}`;
  await write({ command, machine, rounds: ROUNDS, rows, errors, timeSpent: spent });
} finally {
  await Promise.all([mosquitto.close(), secure.close()]);
  await rm(folder, { recursive: true });
}
if (errors.length > 0) process.exitCode = 1;

async function plainRows(plain: Load): Promise<void> {
  for (const perSec of [0, ...RATES]) show(await floors.plain(mosquitto.port, SESSIONS, perSec));
  for (const client of ['lean', 'mqttjs'] as const) {
    await add(`${client}, mosquitto`, { ...plain, client });
    await add(`${client}, mosquitto`, { ...plain, client, workers: ALL_WORKERS });
  }
  for (const perSec of RATES.filter((rate) => rate !== plain.perSec)) {
    await add('lean, mosquitto', { ...plain, perSec });
  }
  for (const sessions of [1_000, 18_000]) await add('lean, mosquitto', { ...plain, sessions });
  await add('lean, mosquitto, dashboard looked at', { ...plain, hasDashboard: true });
  await add('lean, emulator', { ...plain, target: EMULATOR });
}

async function tlsRows(load: Load): Promise<void> {
  show(await floors.tls(secure.port, load.sessions, certPath));
  const target = { mqtt: `mqtts://localhost:${secure.port}`, tls: { ca: certPath } };
  for (const client of ['lean', 'mqttjs'] as const) {
    await add(`${client}, mosquitto, TLS`, { ...load, client, target });
    await add(`${client}, emulator, TLS`, { ...load, client, target: EMULATOR });
  }
  const { transport: _, ...token } = { ...load, perSec: 125, target: EMULATOR, auth: { mode: 'https-token' } };
  await add('lean, emulator, token over TLS', token, 2);
}

/** Measures one row, or says why it cannot be measured. `tlsLogins`: TLS connections per login, where the floor is not the load's own. */
async function add(what: string, load: Load, tlsLogins?: number): Promise<void> {
  try {
    show(await measure(what, load, ROUNDS, await floorOf(load, tlsLogins)));
  } catch (error) {
    notMeasured(error);
  }
}

function notMeasured(error: unknown): void {
  const words = `not measured: ${error instanceof Error ? error.message.trim() : String(error)}`;
  errors.push(words);
  stderr.write(`${words}\n`);
}

async function floorOf({ transport, sessions, perSec }: Load, tlsLogins?: number): Promise<FloorOf> {
  if (transport === 'tls' || tlsLogins !== undefined) {
    return { row: await floors.tls(secure.port, sessions, certPath), logins: tlsLogins ?? 1 };
  }
  return { row: await floors.plain(mosquitto.port, sessions, perSec), logins: 1 };
}

function show(row: Row | undefined): void {
  if (row === undefined) return;
  rows.push(row);
  stdout.write(`${rowText(row)}\n`);
}

async function write(result: BenchResult): Promise<void> {
  const results = join(cwd(), 'results/benchmarks');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'benchmark.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(join(results, 'benchmark.md'), benchText(result));
  stdout.write(benchText(result).split('\n').slice(-30).join('\n'));
}
