import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { PrometheusServer } from '../../../../src/outlets/prometheus/prometheus-server.ts';

let server: PrometheusServer | undefined;
afterEach(() => server?.close());

async function started(host: string): Promise<PrometheusServer> {
  server = await PrometheusServer.start({ host, port: 0 });
  return server;
}

/** The status of a GET that calls the server by this name. */
async function statusOf(url: string, host: string, path = '/metrics'): Promise<number | undefined> {
  const { port, hostname } = new URL(url);
  const call = request({ host: hostname.replace(/[[\]]/g, ''), port, path, headers: { host } });
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('/metrics', () => {
  it('is for who calls this machine by its own name', async () => {
    const { url } = await started('127.0.0.1');
    const { host } = new URL(url);
    expect(await statusOf(url, host)).toBe(200);
    expect(await statusOf(url, host, '/other')).toBe(404);
    // A name of somebody else that resolves to this machine (DNS rebinding).
    expect(await statusOf(url, 'evil.example')).toBe(421);
    expect(await statusOf(url, host.replace('127.0.0.1', 'evil.example'))).toBe(421);
  });

  it('takes another loopback address by its name too', async () => {
    const { url, whereabouts } = await started('127.0.0.2');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+\/metrics$/);
    expect(whereabouts).toBe(url);
    expect(await statusOf(url, new URL(url).host)).toBe(200);
    expect(await statusOf(url, 'evil.example')).toBe(421);
  });

  it('on every address is for all who reach it, by whatever name, and says so', async () => {
    const { url, whereabouts } = await started('0.0.0.0');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    expect(whereabouts).toBe(`${url}, and at every other address of this machine, for all who reach it`);
    expect(await statusOf(url, 'bench-1.example:9100')).toBe(200);
  });
});
