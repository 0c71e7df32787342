import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { portOf } from '../../../src/outlets/listen.ts';
import { isOwnHost, listenOnLoopback, ownHosts } from '../../../src/outlets/loopback-server.ts';

let close: (() => unknown) | undefined;
afterEach(async () => {
  await close?.();
});

describe('listenOnLoopback', () => {
  it('says which option to change when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    close = () => taken.close();
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(listenOnLoopback(port, '--dashboard')).rejects.toMatchObject({
      name: 'PortError',
      message: `port ${port} of 127.0.0.1 is in use; give --dashboard another one`,
    });
  });

  it('outlives a connection that cannot be taken', async () => {
    const server = await listenOnLoopback(0, '--dashboard');
    close = () => server.close();
    expect(portOf(server)).toBeGreaterThan(0);
    expect(() => server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }))).not.toThrow();
  });
});

describe('isOwnHost', () => {
  const request = (host: string | undefined) => ({ headers: { host } }) as IncomingMessage;
  it.each([
    ['127.0.0.1:9000', 9000, true],
    ['LocalHost:9000', 9000, true],
    ['127.0.0.1:9001', 9000, false],
    ['127.0.0.1', 9000, false],
    ['127.0.0.1', 80, true],
    ['evil.example:9000', 9000, false],
    [undefined, 9000, false],
  ])('%s on port %i: %s', (host, port, expected) => {
    expect(isOwnHost(request(host), port)).toBe(expected);
  });

  it('leaves the port out for none but that of the scheme', () => {
    expect(ownHosts(9000)).toEqual(['127.0.0.1:9000', 'localhost:9000']);
  });
});
