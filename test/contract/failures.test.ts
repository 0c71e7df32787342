import { expect, test } from 'vitest';
import { describeLinks, LONG_US } from '../fixtures/links/link-bench.ts';
import { FullBacklog } from '../fixtures/servers/full-backlog.ts';
import { RefusedPort } from '../fixtures/servers/refused-port.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

/** Waited out; long enough for what must come before the end of it on a slow machine. */
const SHORT_US = 1_000_000;
/** Waited out where nothing must come before. */
const SHORTEST_US = 100_000;

describeLinks('failed logins', (bench) => {
  test('refused port', async () => {
    const refused = await RefusedPort.hold();
    bench.stops.push(() => refused.stop());
    await bench.open(refused.port).settled;
    bench.expectFailure('tcp-refused', 'tcp', `ECONNREFUSED 127.0.0.1:${refused.port}`);
    expect(bench.listener.phases).toEqual({ dnsUs: -1, tcpUs: -1, tlsUs: -1, mqttUs: -1 });
  });

  test('unresolvable name', async () => {
    await bench.open(1883, { host: 'name.invalid' }).settled;
    bench.expectFailure('dns-failed', 'dns', /^(ENOTFOUND|EAI_AGAIN) name\.invalid:1883$/);
  });

  test('SYN without an answer', async () => {
    const backlog = await FullBacklog.start();
    bench.stops.push(() => backlog.stop());
    await bench.open(backlog.port, { connection: { connectTimeoutUs: SHORTEST_US } }).settled;
    bench.expectFailure('tcp-timeout', 'tcp', `no answer from 127.0.0.1:${backlog.port} within 100ms`);
    expect(bench.serviceUs()).toBeGreaterThanOrEqual(SHORTEST_US);
  });

  test('RST at accept', async () => {
    const server = await bench.serve(scripts.resetAtAccept);
    await bench.open(server.port).settled;
    // Whether the RST is here before the connection is reported is up to the kernel.
    const phase = bench.listener.phases?.tcpUs === -1 ? 'tcp' : 'mqtt';
    bench.expectFailure('tcp-reset', phase, /^(ECONNRESET|EPIPE) 127\.0\.0\.1:\d+$/);
  });

  test('RST after CONNECT', async () => {
    const server = await bench.serve(scripts.resetAtConnect);
    await bench.open(server.port).settled;
    bench.expectFailure('tcp-reset', 'mqtt', `ECONNRESET 127.0.0.1:${server.port}`);
    expect(bench.listener.phases?.tcpUs).toBeGreaterThan(0);
  });

  test('silence after accept', async () => {
    const server = await bench.serve(scripts.silence);
    const { settled } = bench.open(server.port);
    await (await server.accepted).connectCame;
    expect(bench.listener.calls).toEqual([]);
    bench.time.skip(LONG_US);
    await settled;
    bench.expectFailure('connack-timeout', 'mqtt', `no CONNACK from 127.0.0.1:${server.port} within 1m`);
    expect(bench.serviceUs()).toBeGreaterThanOrEqual(LONG_US);
    await server.connection().closed;
  });

  test('FIN before CONNACK', async () => {
    const server = await bench.serve(scripts.finAtConnect);
    await bench.open(server.port).settled;
    bench.expectFailure('closed-before-connack', 'mqtt', `FIN from 127.0.0.1:${server.port}`);
  });

  test('half a CONNACK, then silence', async () => {
    const server = await bench.serve(scripts.reply(scripts.CONNACK_0.subarray(0, 2)));
    await bench.open(server.port, { connection: { connectTimeoutUs: SHORT_US } }).settled;
    bench.expectFailure('connack-timeout', 'mqtt', /, 2 of 4 bytes of CONNACK came$/);
  });

  test('half a CONNACK, then FIN', async () => {
    const server = await bench.serve(scripts.replyThenFin(scripts.CONNACK_0.subarray(0, 3)));
    await bench.open(server.port).settled;
    bench.expectFailure('closed-before-connack', 'mqtt', /, 3 of 4 bytes of CONNACK came$/);
  });

  test.each([1, 2, 3, 4, 5])('CONNACK %i, then FIN', async (code) => {
    const server = await bench.serve(scripts.replyThenFin(scripts.connack(code)));
    await bench.open(server.port).settled;
    bench.expectFailure(`refused-${code}`, 'mqtt', new RegExp(`^CONNACK ${code}: \\w`));
    expect(bench.listener.phases?.mqttUs).toBeGreaterThan(0);
    bench.serviceUs();
  });

  test.each([1, 2, 3, 4, 5])('CONNACK %i from a service that does not close: the client does', async (code) => {
    const server = await bench.serve(scripts.reply(scripts.connack(code)));
    await bench.open(server.port).settled;
    bench.expectFailure(`refused-${code}`, 'mqtt', /./);
    await server.connection().closed;
    expect(server.connection().signs).toEqual(['FIN']);
  });

  test.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /^first byte 0x48 is not CONNACK \(an "H"/],
    [
      'a TLS alert',
      Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]),
      /^first byte 0x15 is not CONNACK \(a TLS alert/,
    ],
    ['zeros', Buffer.alloc(16), /^first byte 0x00 is not CONNACK$/],
    ['a PINGRESP first', Buffer.from([0xd0, 0x00]), /^first byte 0xd0 is not CONNACK$/],
    ['the start of a huge PUBLISH', Buffer.from([0x30, 0xff, 0xff, 0x7f]), /^first byte 0x30 is not CONNACK$/],
    ['a CONNACK of wrong length', Buffer.from([0x20, 0x01, 0x00]), /^CONNACK of length 1, expected 2$/],
    [
      'a CONNACK of MQTT 5',
      Buffer.from([0x20, 0x03, 0x00, 0x84, 0x00]),
      /^the service answers with MQTT 5, reason code 132, unsupported protocol version$/,
    ],
    ['reserved CONNACK flags', Buffer.from([0x20, 0x02, 0x02, 0x00]), /^CONNACK flags 0x02, expected 0 or 1$/],
    ['a reserved CONNACK code', Buffer.from([0x20, 0x02, 0x00, 0x06]), /^CONNACK code 6, which is reserved$/],
  ])('%s', async (_what, bytes, detail) => {
    const server = await bench.serve(scripts.reply(bytes));
    await bench.open(server.port).settled;
    bench.expectFailure('protocol-error', 'mqtt', detail);
    await server.connection().closed;
  });

  test('no detail holds a secret', async () => {
    const server = await bench.serve(scripts.replyThenFin(scripts.connack(4)));
    await bench.open(server.port).settled;
    expect(JSON.stringify(bench.listener.failure)).not.toContain('FAFD82A3');
  });
});
