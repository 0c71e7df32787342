import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { derivedSecret, generatedDeviceName } from '../../src/device/identity.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { startCli } from '../e2e/cli.ts';
import { FLEET, PRODUCT, SEED, testConfig } from '../integration/emulator-client.ts';

const run = promisify(execFile);

describe.concurrent('the lines that fleetstorm emulator prints', () => {
  it('log a device in over TCP, over TLS and with a token of the HTTPS login', async ({ expect }) => {
    const emulator = startCli(['emulator', '--port', '0']);
    await emulator.waitFor(/Ctrl-C/);
    const [tcp, tls, curl, token, ...more] = emulator.output().match(/^ {2}\S.*$/gm) ?? [];
    expect(more).toEqual([]);
    await run('/bin/sh', ['-c', tcp ?? 'false']);
    await run('/bin/sh', ['-c', tls ?? 'false']);
    const { stdout } = await run('/bin/sh', ['-c', `${curl}\n${token}`]);
    expect(JSON.parse(stdout)).toMatchObject({ code: 200, data: { resources: { mqtt: { host: '127.0.0.1' } } } });
    emulator.child.kill('SIGINT');
    expect(await emulator.ended).toMatchObject({ code: 0 });
    const counts = emulator.output().slice(emulator.output().indexOf('\nconnections'));
    expect(counts).toMatch(
      /^\nconnections +3\naccepted +3\nkicks +0\nprotocol errors +0\nTLS failures +0\nHTTPS logins +1 with code 200/,
    );
  });

  it('keep working after a restart when a state folder and ports are named', async ({ expect }) => {
    const kept = await mkdtemp(join(tmpdir(), 'fleetstorm-test-'));
    const first = startCli(['emulator', '--port', '0', '--state', kept]);
    await first.waitFor(/Ctrl-C/);
    const port = /mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(first.output())?.[1] ?? '';
    const [, tls = 'false'] = first.output().match(/^ {2}\S.*$/gm) ?? [];
    first.child.kill('SIGINT');
    await first.ended;
    await expect(run('/bin/sh', ['-c', tls])).rejects.toMatchObject({ code: expect.any(Number) });
    const second = startCli(['emulator', '--port', port, '--state', kept]);
    await second.waitFor(/Ctrl-C/);
    await run('/bin/sh', ['-c', tls]);
    second.child.kill('SIGINT');
    await second.ended;
    await rm(kept, { recursive: true });
  });
});

/** Its certificates take longer to make than all else, and are the same for all that follows. */
let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'fleetstorm-test-'));
});
afterAll(() => rm(state, { recursive: true }));

describe.each(['mqtt', 'mqtts'] as const)('the official Node SDK over %s', (scheme) => {
  let emulator: Emulator;
  const devices: SdkDevice[] = [];

  beforeEach(async () => {
    emulator = await startEmulator(testConfig({ tls: { port: 0, stateDir: state } }));
  });

  afterEach(async () => {
    for (const device of devices.splice(0)) await device.stop();
    await emulator.close();
  });

  function startDevice(change: object = {}): SdkDevice {
    const device = new SdkDevice(emulator.tls?.caFile ?? '', {
      productKey: PRODUCT,
      deviceName: generatedDeviceName(FLEET, 0),
      deviceSecret: derivedSecret(SEED, PRODUCT, generatedDeviceName(FLEET, 0)),
      brokerUrl: `${scheme}://localhost:${emulator.port}`,
      ...change,
    });
    devices.push(device);
    return device;
  }

  it('logs in, publishes and is kicked by a second login of its device', async () => {
    const older = startDevice();
    await older.until('published');
    expect(emulator.counts()).toMatchObject({ accepted: 1, online: 1, kicks: 0 });
    const newer = startDevice({ clientId: 'another-id' });
    await newer.until('published');
    await older.until('close');
    expect(older.events).toEqual(['connect', 'published', 'close']);
    expect(newer.events).toEqual(['connect', 'published']);
    const expected = { accepted: 2, refusedByCode: {}, kicks: 1, online: 1, protocolErrors: 0, tlsFailures: 0 };
    expect(emulator.counts()).toMatchObject(expected);
  });

  it('is refused with a wrong secret', async () => {
    const device = startDevice({ deviceSecret: 'wrong' });
    await device.until('close');
    expect(device.events).not.toContain('connect');
    expect(emulator.counts()).toMatchObject({ accepted: 0, refusedByCode: { 4: 1 } });
  });
});

/** A process with one device of the SDK. */
class SdkDevice {
  readonly events: string[] = [];
  readonly #process: ChildProcess;
  #wake: () => void = () => undefined;

  /** The SDK has no setting for a CA; Node takes it from the environment. */
  constructor(caFile: string, settings: object) {
    this.#process = fork(new URL('../fixtures/sdk/device.js', import.meta.url), [], {
      env: { NODE_EXTRA_CA_CERTS: caFile },
      execArgv: [],
    });
    this.#process.on('message', (event) => {
      this.events.push(String(event));
      this.#wake();
    });
    this.#process.send(settings);
  }

  async until(event: string): Promise<void> {
    while (!this.events.includes(event)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
