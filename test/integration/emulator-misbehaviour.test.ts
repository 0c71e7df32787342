import { afterEach, expect, test, vi } from 'vitest';
import type { EmulatorControl, Misbehaviour } from '../../src/emulator/contract/control.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { FLEET, login, PRODUCT, TestClient, testConfig, writeConnect } from './emulator-client.ts';

let emulator: Emulator;

async function start(change: Parameters<typeof testConfig>[0] = {}): Promise<void> {
  emulator = await startEmulator(testConfig(change));
}

afterEach(async () => {
  vi.restoreAllMocks();
  await emulator.close();
});

/** The emulator's clock stands still: no limit fills up again however long a test takes. */
function standStill(): void {
  vi.spyOn(performance, 'now').mockReturnValue(performance.now());
}

async function begin(misbehaviour: Misbehaviour, id = 1): Promise<void> {
  await emulator.control({ kind: 'begin', id, misbehaviour });
}

async function codes(from: number, count: number): Promise<(number | undefined)[]> {
  const answers: (number | undefined)[] = [];
  for (let index = from; index < from + count; index += 1) {
    const { client, code } = await login(emulator.port, writeConnect(index));
    client.socket.destroy();
    answers.push(code);
  }
  return answers;
}

test('refuse: a fraction of the right logins, exactly; its end ends it', async () => {
  await start();
  await begin({ kind: 'refuse', code: 3, fraction: 0.25 });
  // One of every four, by lot.
  expect((await codes(0, 4)).toSorted()).toEqual([0, 0, 0, 3]);
  expect((await codes(4, 4)).toSorted()).toEqual([0, 0, 0, 3]);
  const { code } = await login(emulator.port, writeConnect(9, { keepalive: 30 }));
  expect(code).toBe(2);
  await emulator.control({ kind: 'end', id: 1 });
  expect(await codes(10, 4)).toEqual([0, 0, 0, 0]);
  await expect
    .poll(() => emulator.counts())
    .toMatchObject({ accepted: 10, refusedByCode: { 2: 1, 3: 2 }, metByMisbehaviour: { 1: 2 } });
});

test('refuse: only the devices it is for', async () => {
  await start();
  await begin({ kind: 'refuse', code: 5, devices: [{ productKey: PRODUCT, namePrefix: `${FLEET}-00000` }] });
  await begin({ kind: 'refuse', code: 4, devices: [{ productKey: 'other' }] }, 2);
  expect(await codes(7, 3)).toEqual([5, 5, 0]);
});

test('limit: what is over it is refused at once, and nothing else takes from it', async () => {
  await start();
  await begin({ kind: 'limit', perSec: 0.001, burst: 3, over: { refuse: 3 } });
  await login(emulator.port, writeConnect(0, { password: Buffer.from('wrong') }));
  expect(await codes(0, 5)).toEqual([0, 0, 0, 3, 3]);
  await emulator.control({ kind: 'end', id: 1 });
  expect(await codes(5, 2)).toEqual([0, 0]);
});

test('limit, waiting: they come in in the order they came, at its rate; who leaves costs no turn', async () => {
  await start();
  // Slow enough that all are in the line before the turn of the one who leaves.
  await begin({ kind: 'limit', perSec: 1, burst: 1, over: 'wait' });
  const clients: TestClient[] = [];
  const order: number[] = [];
  const startMs = performance.now();
  for (let index = 0; index < 6; index += 1) {
    const client = new TestClient(emulator.port);
    client.send(writeConnect(index));
    clients.push(client);
    await expect.poll(() => emulator.counts().waiting + emulator.counts().accepted, { interval: 1 }).toBe(index + 1);
  }
  clients[2]?.socket.destroy();
  await Promise.all(
    clients.map(async (client, index) => {
      if ((await client.next())?.cmd === 'connack') order.push(index);
    }),
  );
  expect(order).toEqual([0, 1, 3, 4, 5]);
  expect(performance.now() - startMs).toBeGreaterThan(3_999);
  await expect.poll(() => emulator.counts()).toMatchObject({ waiting: 0, accepted: 5, refusedByCode: {} });
  for (const client of clients) client.socket.destroy();
});

test('limit, waiting: its end lets all in, and what they sent meanwhile is answered', async () => {
  await start();
  await begin({ kind: 'limit', perSec: 0.001, burst: 1, over: 'wait' });
  const clients = [0, 1, 2].map(() => new TestClient(emulator.port));
  clients.forEach((client, index) => {
    client.send(writeConnect(index));
    client.send({ cmd: 'pingreq' });
  });
  await expect.poll(() => emulator.counts().waiting).toBe(2);
  await emulator.control({ kind: 'end', id: 1 });
  for (const client of clients) {
    expect([(await client.next())?.cmd, (await client.next())?.cmd]).toEqual(['connack', 'pingresp']);
    client.socket.destroy();
  }
  await expect.poll(() => emulator.counts()).toMatchObject({ waiting: 0, accepted: 3 });
});

test('delay: accepting and refusing answers are late', async () => {
  await start();
  await begin({ kind: 'delay', time: { kind: 'fixed', us: 60_000 } });
  const startMs = performance.now();
  const [right, wrong] = await Promise.all([
    login(emulator.port, writeConnect(0)),
    login(emulator.port, writeConnect(1, { keepalive: 1 })),
  ]);
  expect(performance.now() - startMs).toBeGreaterThan(59);
  expect([right.code, wrong.code]).toEqual([0, 2]);
  right.client.socket.destroy();
});

test('a client that leaves while its answer is late is neither accepted nor refused', async () => {
  await start();
  await begin({ kind: 'delay', time: { kind: 'fixed', us: 60_000_000 } });
  const client = new TestClient(emulator.port);
  client.send(writeConnect(0));
  await expect.poll(() => emulator.counts().waiting).toBe(1);
  client.socket.resetAndDestroy();
  await expect.poll(() => emulator.counts()).toMatchObject({ waiting: 0, accepted: 0, refusedByCode: {} });
});

test('standing limits: of an account a second, of a device a minute', async () => {
  standStill();
  await start({ limits: { devicePerMin: 2, accountPerSec: 3 } });
  const answers = [await codes(0, 1), await codes(0, 1), await codes(0, 1)].flat();
  expect(answers).toEqual([0, 0, 3]);
  const clients = await Promise.all([1, 2, 3, 4].map((index) => login(emulator.port, writeConnect(index))));
  expect(clients.map(({ code }) => code).toSorted()).toEqual([0, 3, 3, 3]);
  for (const { client } of clients) client.socket.destroy();
});

test.each(['reset', 'fin'] as const)('drop-all by %s ends every session', async (how) => {
  await start();
  const clients = await Promise.all([0, 1, 2].map((index) => login(emulator.port, writeConnect(index))));
  const errors: (string | undefined)[] = [];
  for (const { client } of clients) {
    client.socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code));
  }
  await expect.poll(() => emulator.counts().online).toBe(3);
  await emulator.control({ kind: 'drop-all', how });
  expect(emulator.counts().online).toBe(0);
  await Promise.all(clients.map(({ client }) => client.closed));
  expect(errors).toEqual(how === 'reset' ? ['ECONNRESET', 'ECONNRESET', 'ECONNRESET'] : []);
});

test('restart: connections are reset, the port is closed for a time and then open again', async () => {
  await start();
  const { client } = await login(emulator.port, writeConnect(0));
  await emulator.control({ kind: 'restart', downMs: 2_000 });
  const downMs = performance.now();
  await client.closed;
  expect(await connectError(emulator.port)).toBe('ECONNREFUSED');
  await expect.poll(() => connectError(emulator.port), { interval: 10 }).toBeUndefined();
  expect(performance.now() - downMs).toBeGreaterThan(1_990);
  expect(await codes(0, 1)).toEqual([0]);
  await expect.poll(() => emulator.counts()).toMatchObject({ accepted: 2, kicks: 0, protocolErrors: 0 });
});

test('restart: another one during it begins the time anew; closing while down is the end', async () => {
  await start();
  await emulator.control({ kind: 'restart', downMs: 20 });
  await emulator.control({ kind: 'restart', downMs: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await connectError(emulator.port)).toBe('ECONNREFUSED');
});

const refuse = { kind: 'refuse', code: 3 } as const;

test.each<[string, EmulatorControl]>([
  ['misbehaviour 7 is in force already', { kind: 'begin', id: 7, misbehaviour: refuse }],
  ['misbehaviour 8', { kind: 'end', id: 8 }],
  ['code 0', { kind: 'begin', id: 1, misbehaviour: { ...refuse, code: 0 } }],
  ['fraction of 1.5', { kind: 'begin', id: 1, misbehaviour: { ...refuse, fraction: 1.5 } }],
  [
    'limit of 0 per second',
    { kind: 'begin', id: 1, misbehaviour: { kind: 'limit', perSec: 0, burst: 1, over: 'wait' } },
  ],
  ['fixed delay', { kind: 'begin', id: 1, misbehaviour: { kind: 'delay', time: { kind: 'fixed', us: -1 } } }],
  ['HTTP failure 200', { kind: 'begin', id: 1, misbehaviour: { kind: 'fail-auth', answer: { httpStatus: 200 } } }],
  ['restart of -1 ms', { kind: 'restart', downMs: -1 }],
])('a command that cannot be is told: %s', async (reason, command) => {
  await start();
  await begin(refuse, 7);
  await expect(emulator.control(command)).rejects.toMatchObject({
    name: 'EmulatorError',
    code: 'bad-control',
    message: expect.stringContaining(reason),
  });
});

async function connectError(port: number): Promise<string | undefined> {
  const client = new TestClient(port);
  return await new Promise((resolve) => {
    client.socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    client.socket.once('connect', () => {
      client.socket.destroy();
      resolve(undefined);
    });
  });
}
