import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { authForm } from './emulator-auth-client.ts';
import { testConfig } from './emulator-client.ts';

/** Names as the source document prints them, and those that HTTP adds to them. */
const NAMES = ['Content-Type', 'Content-Length', 'Date', 'Connection', 'Keep-Alive', 'Allow'];

let emulator: Emulator;

afterEach(async () => {
  await emulator.close();
});

/** A reply as it came over the wire. */
interface Reply {
  readonly statusLine: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Reads replies by the bytes of their header names, as the device SDKs do. */
class RawClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  #text = '';

  constructor({ auth, tls }: Emulator) {
    const at = { host: '127.0.0.1', port: auth?.port ?? 0 };
    this.socket = auth?.url.startsWith('https:') ? connectTls({ ...at, ca: tls?.ca }) : connectTcp(at);
    this.socket.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text;
    });
    this.closed = once(this.socket, 'close');
  }

  async ask(head: readonly string[], body = ''): Promise<Reply> {
    this.socket.write(`${[...head, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
    for (;;) {
      const reply = this.#take();
      if (reply !== undefined) return reply;
      await once(this.socket, 'data');
    }
  }

  #take(): Reply | undefined {
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const [statusLine = '', ...lines] = this.#text.slice(0, end).split('\r\n');
    const headers = new Map(lines.map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)]));
    const length = Number(headers.get('Content-Length'));
    const body = this.#text.slice(end + 4, end + 4 + length);
    if (body.length < length) return undefined;
    this.#text = this.#text.slice(end + 4 + length);
    return { statusLine, headers, body };
  }
}

const LOGIN = ['POST /auth/devicename HTTP/1.1', 'Host: x', 'Content-Type: application/x-www-form-urlencoded'];

function expectNames({ headers }: Reply): void {
  for (const name of headers.keys()) expect(NAMES).toContain(name);
  expect(headers.get('Content-Length')).toMatch(/^\d+$/);
}

describe.each([['https'], ['http']] as const)('header names over %s', (scheme) => {
  async function start(): Promise<RawClient> {
    const isHttp = scheme === 'http';
    emulator = await startEmulator(testConfig({ tls: { port: 0 }, auth: { port: 0, http: isHttp } }));
    return new RawClient(emulator);
  }

  test("are the document's on a connection that stays, reply after reply", async () => {
    const client = await start();
    for (const index of [0, 1, 2]) {
      const reply = await client.ask(LOGIN, authForm(index, { resources: 'mqtt' }).toString());
      expectNames(reply);
      expect(reply.statusLine).toBe('HTTP/1.1 200 OK');
      expect(reply.headers.get('Content-Type')).toBe('application/json;charset=utf-8');
      expect(reply.body).toMatch(/^\{"code":200,"data":\{"iotId":"\w+","iotToken":"\w+","resources":/);
    }
    client.socket.destroy();
  });

  test("are the document's on a connection that the client wants closed", async () => {
    const client = await start();
    const reply = await client.ask([...LOGIN, 'Connection: close'], authForm(0).toString());
    expectNames(reply);
    expect(reply.headers.get('Connection')).toBe('close');
    await client.closed;
  });

  test("are the document's in HTTP 1.0, which closes", async () => {
    const client = await start();
    const [, ...rest] = LOGIN;
    const reply = await client.ask(['POST /auth/devicename HTTP/1.0', ...rest], authForm(0).toString());
    expectNames(reply);
    expect(reply.headers.get('Connection')).toBe('close');
    await client.closed;
  });

  test.each<[string, string, readonly string[], string]>([
    ['401 in the body', 'HTTP/1.1 200 OK', LOGIN, authForm(0, { sign: 'x' }).toString()],
    ['another page', 'HTTP/1.1 404 Not Found', ['POST /else HTTP/1.1', 'Host: x'], ''],
    ['another method', 'HTTP/1.1 405 Method Not Allowed', ['GET /auth/devicename HTTP/1.1', 'Host: x'], ''],
    ['no form', 'HTTP/1.1 415 Unsupported Media Type', ['POST /auth/devicename?a=b HTTP/1.1', 'Host: x'], '{}'],
    ['a target with its host', 'HTTP/1.1 200 OK', ['POST http://x/auth/devicename HTTP/1.1', ...LOGIN.slice(1)], 'a=b'],
    ['too much', 'HTTP/1.1 413 Payload Too Large', LOGIN, 'x'.repeat(5_000)],
  ])("are the document's in errors: %s", async (_what, statusLine, head, body) => {
    const client = await start();
    const reply = await client.ask(head, body);
    expectNames(reply);
    expect(reply.statusLine).toBe(statusLine);
    client.socket.destroy();
  });

  test("are the document's in a scripted failure", async () => {
    const client = await start();
    await emulator.control({ kind: 'begin', id: 1, misbehaviour: { kind: 'fail-auth', answer: { httpStatus: 503 } } });
    const reply = await client.ask(LOGIN, authForm(0).toString());
    expectNames(reply);
    expect([reply.statusLine, reply.headers.get('Content-Length')]).toEqual(['HTTP/1.1 503 Service Unavailable', '0']);
    client.socket.destroy();
  });
});
