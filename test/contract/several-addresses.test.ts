import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LinkOptions } from '../../src/link/port.ts';
import { SourcePool } from '../../src/link/socket/source-addresses.ts';
import { implementations } from '../fixtures/links/implementations.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

const CONNECTION = { keepaliveSec: 120, clean: true, connectTimeoutUs: 60_000_000 } as const;

describe.each(implementations)('several addresses of a service: %s', (_name, make) => {
  let time: RealTime;
  let servers: ScriptedServer[] = [];
  beforeEach(async () => {
    time = new RealTime();
    servers = [await ScriptedServer.start(scripts.accept), await ScriptedServer.start(scripts.accept)];
  });
  afterEach(async () => {
    for (const server of servers) await server.stop();
    time.stop();
  });

  /** A port that is free for as long as this takes: one that a server of the test has just given back. */
  async function freePort(): Promise<number> {
    const server = await ScriptedServer.start(scripts.accept);
    const { port } = server;
    await server.stop();
    return port;
  }

  test.skipIf(process.platform !== 'linux')('one local port leads to each of them, and only once', async () => {
    const port = await freePort();
    const sources = new SourcePool({ addresses: ['127.0.0.1'], firstPort: port, lastPort: port, step: 1 });
    const links = make({ clock: time.clock, wheel: time.wheel, sources });
    const ports = servers.map((server) => server.port);
    const listeners = [...ports, ...ports.slice(0, 1)].map((to) => {
      const listener = new RecordingListener();
      const endpoint = { host: '127.0.0.1', port: to };
      const options: LinkOptions = { endpoint, clientId: 'd', connection: CONNECTION };
      links.open(options, listener);
      return listener;
    });
    await Promise.all(listeners.map(({ settled }) => settled));
    expect(listeners.map(({ calls }) => calls)).toEqual([['accepted'], ['accepted'], ['failed']]);
    expect(sources.use).toEqual({ used: 2, left: 0, leastLeft: 0 });
  });
});
