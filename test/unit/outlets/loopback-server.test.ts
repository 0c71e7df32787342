import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isOwnHost, listenOnLoopback, ownHosts, portOf } from '../../../src/outlets/loopback-server.ts';
import { PrometheusServer } from '../../../src/outlets/prometheus/prometheus-server.ts';

let close: (() => unknown) | undefined;
afterEach(async () => {
  await close?.();
});

/** The status of a GET that calls the server by this name. */
async function statusOf(url: string, host: string, path = '/metrics'): Promise<number | undefined> {
  const { port } = new URL(url);
  const call = request({ host: '127.0.0.1', port, path, headers: { host } });
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

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

describe('/metrics', () => {
  it('is for who calls this machine by its own name', async () => {
    const server = await PrometheusServer.start(0, 'storm');
    close = () => server.close();
    const { host } = new URL(server.url);
    expect(await statusOf(server.url, host)).toBe(200);
    expect(await statusOf(server.url, host, '/other')).toBe(404);
    // A name of somebody else that resolves to this machine (DNS rebinding).
    expect(await statusOf(server.url, 'evil.example')).toBe(421);
    expect(await statusOf(server.url, host.replace('127.0.0.1', 'evil.example'))).toBe(421);
  });
});
