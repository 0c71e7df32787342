import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { argv, cwd, stdout } from 'node:process';
import { startMosquitto } from '../system/mosquitto.ts';
import { floorRow } from './floor.ts';
import type { Load } from './load.ts';
import { benchMachine } from './machine.ts';
import { measure, type Row } from './row.ts';
import { type BenchResult, benchText, HEAD, rowText } from './text.ts';
import { timeSpent } from './time-spent.ts';

/**
 * `npm run bench [-- SESSIONS [ROUNDS]]`: what a login costs this tool, beside the least that any program could spend here. Linux only: it
 * reads /proc. Needs mosquitto; a C compiler for the floor. Writes results/benchmarks/.
 */
const SESSIONS = Number(argv[2] ?? 10_000);
const ROUNDS = Number(argv[3] ?? 3);
const RATES = [1_000, 5_000, 8_000];
const ALL_WORKERS = Math.max(2, cpus().length);
const DIRECT = { mode: 'direct' };
const EMULATOR = { emulator: { profile: '2017' } };
/** TLS handshakes cost both sides a millisecond: fewer sessions, slower. */
const SECURE = { sessions: Math.min(SESSIONS, 2_000), perSec: 250, workers: 1 };

const machine = benchMachine();
const rows: Row[] = [];

async function add(what: string, load: Load): Promise<void> {
  show(await measure(what, load, ROUNDS));
}

function show(row: Row): void {
  rows.push(row);
  stdout.write(`${rowText(row)}\n`);
}

const mosquitto = await startMosquitto(['allow_anonymous true', 'log_type error']);
try {
  stdout.write(`${JSON.stringify(machine, null, 2)}\n${HEAD.join('\n')}\n`);
  const target = { mqtt: `mqtt://127.0.0.1:${mosquitto.port}` };
  const plain: Load = { client: 'lean', target, auth: DIRECT, workers: 1, perSec: 5_000, sessions: SESSIONS };
  const floor = await floorRow(mosquitto.port, SESSIONS);
  if (floor !== undefined) show(floor);
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
  for (const client of ['lean', 'mqttjs'] as const) {
    await add(`${client}, emulator, TLS`, { ...plain, ...SECURE, client, target: EMULATOR, transport: 'tls' });
  }
  await add('lean, emulator, token over TLS', {
    ...plain,
    ...SECURE,
    perSec: 125,
    target: EMULATOR,
    auth: { mode: 'https-token' },
  });
  const spent = { lean: await timeSpent(plain), 'MQTT.js': await timeSpent({ ...plain, client: 'mqttjs' }) };
  const command = `npm run bench -- ${SESSIONS} ${ROUNDS}`;
  await write({ command, machine, rounds: ROUNDS, rows, timeSpent: spent });
} finally {
  await mosquitto.close();
}

async function write(result: BenchResult): Promise<void> {
  const folder = join(cwd(), 'results/benchmarks');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'benchmark.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(join(folder, 'benchmark.md'), benchText(result));
  stdout.write(benchText(result).split('\n').slice(-30).join('\n'));
}
