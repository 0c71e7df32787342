import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, type TestContext, test } from 'vitest';
// The process is forked from the compiled files, which `npm test` builds first.
import { type EmulatorProcess, spawnEmulator } from '../../dist/host/emulator/spawn.js';
import { ALL_TUNINGS, NO_TUNING, type Tuning } from '../../dist/host/machine/tuning.js';
import { login, NO_COUNTS, testConfig, writeConnect } from './emulator-client.ts';

const compiled = new URL('../../dist/host/emulator/spawn.js', import.meta.url).href;

/** Closed again when the test is over. */
async function spawned({ onTestFinished }: TestContext, tuning: Tuning = NO_TUNING): Promise<EmulatorProcess> {
  const emulator = await spawnEmulator(testConfig(), tuning);
  onTestFinished(() => emulator.close());
  return emulator;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

test.concurrent('serves, counts and closes', async (context) => {
  const emulator = await spawned(context, ALL_TUNINGS);
  const exits: string[] = [];
  emulator.onExit((reason) => exits.push(reason));
  const accepted = await login(emulator.port, writeConnect(0));
  const refused = await login(emulator.port, writeConnect(1, { keepalive: 30 }));
  expect([accepted.code, refused.code]).toEqual([0, 2]);
  const expected = { ...NO_COUNTS, connections: 2, accepted: 1, refusedByCode: { 2: 1 }, online: 1 };
  expect(await emulator.counts()).toEqual(expected);
  await emulator.close();
  await accepted.client.closed;
  expect(isAlive(emulator.pid)).toBe(false);
  expect(exits).toEqual([]);
  await emulator.close();
});

test.concurrent('questions asked at once are all answered', async (context) => {
  const emulator = await spawned(context);
  const answers = await Promise.all([emulator.counts(), emulator.counts(), emulator.counts()]);
  expect(answers.map(({ connections }) => connections)).toEqual([0, 0, 0]);
});

test.concurrent('commands are in force when they settle, and what cannot be is told', async (context) => {
  const { expect } = context;
  const emulator = await spawned(context);
  await emulator.control({ kind: 'begin', id: 1, misbehaviour: { kind: 'refuse', code: 3 } });
  const { code } = await login(emulator.port, writeConnect(0));
  expect(code).toBe(3);
  await expect(emulator.control({ kind: 'end', id: 2 })).rejects.toMatchObject({ code: 'bad-control' });
  await emulator.control({ kind: 'end', id: 1 });
  const { client } = await login(emulator.port, writeConnect(0));
  await expect.poll(() => emulator.counts()).toMatchObject({ accepted: 1, refusedByCode: { 3: 1 } });
  client.socket.destroy();
});

test.concurrent('Ctrl-C in the terminal does not end it', async (context) => {
  const emulator = await spawned(context);
  process.kill(emulator.pid, 'SIGINT');
  expect(await emulator.counts()).toMatchObject({ connections: 0 });
});

test.concurrent('its death is told, and what is asked afterwards fails at once', async () => {
  const dying = await spawnEmulator(testConfig(), NO_TUNING);
  const told = new Promise<string>((resolve) => {
    dying.onExit(resolve);
  });
  const pending = dying.counts();
  process.kill(dying.pid, 'SIGKILL');
  const reason = "the emulator's process ended (signal SIGKILL)";
  expect(await told).toBe(reason);
  // The question was on its way; it was answered just before or fails with the process.
  await pending.catch((error: Error) => expect(error.message).toBe(reason));
  await expect(dying.counts()).rejects.toMatchObject({ code: 'died', message: reason });
  dying.onExit((again) => expect(again).toBe(reason));
  await dying.close();
});

test.concurrent('a stopped process does not hold a question or a close for ever', async () => {
  const frozen = await spawnEmulator(testConfig(), NO_TUNING);
  process.kill(frozen.pid, 'SIGSTOP');
  await expect(frozen.counts()).rejects.toMatchObject({ code: 'no-answer' });
  await frozen.close();
  expect(isAlive(frozen.pid)).toBe(false);
});

test.concurrent('a fault of the start comes with its code and words', async (context) => {
  const emulator = await spawned(context);
  await expect(spawnEmulator(testConfig({ port: emulator.port }), NO_TUNING)).rejects.toMatchObject({
    name: 'EmulatorError',
    code: 'address-in-use',
    message: expect.stringContaining('another program'),
  });
  const registry = [{ kind: 'csv', path: '/nowhere/devices.csv' } as const];
  await expect(spawnEmulator(testConfig({ registry }), NO_TUNING)).rejects.toMatchObject({ code: 'devices-file' });
});

test.concurrent('it ends by itself when its parent is killed', async ({ expect }) => {
  const script = `
    const { spawnEmulator } = await import(${JSON.stringify(compiled)});
    const emulator = await spawnEmulator(${JSON.stringify(testConfig())}, new Set());
    console.log(emulator.pid);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(parent.stdout, 'data');
  expect(isAlive(Number(pid))).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(Number(pid))).toBe(false);
});
