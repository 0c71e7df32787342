import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuthClient } from '../../src/link/auth/auth-client.ts';
import { AUTH_CONNECTIONS, type AuthConnections } from '../../src/link/auth/auth-connections.ts';
import type { LinkFailure } from '../../src/link/port.ts';
import { systemNetwork } from '../../src/link/socket/socket.ts';
import type { AuthPhases } from '../../src/metrics/measure/attempt-record.ts';
import { isOutcome } from '../../src/results/outcome.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { RawServer } from '../fixtures/servers/raw-server.ts';

/** Whatever bytes an auth service answers with, a login ends, with an outcome of its own, and nothing later is held up by it. */

const RUNS = 100;

let time: RealTime;
let server: RawServer;
let answer = Buffer.alloc(0);
beforeAll(async () => {
  time = new RealTime();
  server = await RawServer.start((socket) => socket.once('data', () => socket.end(answer)));
});
afterAll(async () => {
  await server.stop();
  time.stop();
});

const line = fc.constantFrom(
  ...['HTTP/1.1 200 OK\r\n', 'HTTP/1.0 503 x\r\n', 'HTTP/1.1 101 Switching Protocols\r\n', 'HTTP/1.1 100 Continue\r\n'],
  ...['Content-Length: 2\r\n', 'Content-Length: 99999999999\r\n', 'Content-Length: -1\r\n', 'Connection: upgrade\r\n'],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Upgrade: x\r\n',
    ': x\r\n',
    'a:b\r\n',
    '\r\n',
    '{}',
    '2\r\n{}\r\n',
    '0\r\n\r\n',
  ],
);
const replies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.array(line, { maxLength: 8 }).map((lines) => Buffer.from(lines.join(''))),
  fc.tuple(fc.array(line, { maxLength: 4 }), fc.uint8Array({ maxLength: 50 })).map(([lines, bytes]) => {
    return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join('')}`), Buffer.from(bytes)]);
  }),
);

function login(service: AuthClient): Promise<LinkFailure | 'replied'> {
  const phases: AuthPhases = { authUs: -1, authDnsUs: -1, authTcpUs: -1, authTlsUs: -1, authHttpUs: -1 };
  return new Promise((resolve) => {
    service.post('a=b', phases, { onAuthReply: () => resolve('replied'), onAuthFailed: resolve });
  });
}

test.each<AuthConnections>([...AUTH_CONNECTIONS])('any bytes, %s connections', async (connections) => {
  const { clock, wheel } = time;
  const address = { host: '127.0.0.1', port: server.port, isSecure: false, path: '/auth/devicename' };
  const service = new AuthClient({ address, connections, clock, wheel, network: systemNetwork });
  await fc.assert(
    fc.asyncProperty(replies, async (bytes) => {
      answer = bytes;
      const failure = await login(service);
      if (failure === 'replied') return;
      expect(failure).toMatchObject({ outcome: expect.stringMatching(/^auth-/), phase: 'auth' });
      expect(isOutcome(failure.outcome)).toBe(true);
    }),
    { numRuns: RUNS },
  );
  answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
  expect(await login(service)).toBe('replied');
  service.close();
});
