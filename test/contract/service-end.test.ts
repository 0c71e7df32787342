import { expect, test } from 'vitest';
import { describeLinks } from '../fixtures/links/link-bench.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

describeLinks('end of a session by the service', (bench) => {
  test('FIN', async () => {
    const server = await bench.online();
    server.connection().socket.end();
    await bench.listener.ended;
    expect(bench.listener.end).toEqual({ cause: 'closed-by-server', detail: `FIN from 127.0.0.1:${server.port}` });
    expect(bench.listener.calls).toEqual(['accepted', 'ended']);
  });

  test('RST', async () => {
    const server = await bench.online();
    server.connection().socket.resetAndDestroy();
    await bench.listener.ended;
    expect(bench.listener.end).toEqual({ cause: 'reset', detail: `ECONNRESET 127.0.0.1:${server.port}` });
    expect(bench.listener.calls).toEqual(['accepted', 'ended']);
  });

  test.each([
    ['garbage', Buffer.from([0x00, 0x00])],
    ['a second CONNACK', scripts.CONNACK_0],
    ['a packet only clients send', Buffer.from([0xc0, 0x00])],
    ['a PUBREL without an identifier', Buffer.from([0x62, 0x00])],
    ['a PUBREL with identifier 0', Buffer.from([0x62, 0x02, 0x00, 0x00])],
    ['a PUBLISH of QoS 1 without an identifier', Buffer.from([0x32, 0x03, 0x00, 0x01, 0x61])],
    [
      'a PUBLISH of QoS 1 that would have its identifier of the next packet',
      Buffer.from([0x32, 4, 0, 2, 97, 98, 0xd0, 0]),
    ],
    ['two PUBRELs without an identifier', Buffer.from([0x62, 0x00, 0x62, 0x00])],
  ])('%s', async (_what, bytes) => {
    const server = await bench.online();
    server.connection().socket.write(bytes);
    await bench.listener.ended;
    expect(bench.listener.end?.cause).toBe('protocol-error');
    expect(bench.listener.calls).toEqual(['accepted', 'ended']);
    await server.connection().closed;
  });

  test.each([
    ['DISCONNECT', Buffer.from([0xe0, 0x00]), 'the service sent DISCONNECT'],
    ['a second CONNACK', scripts.connack(3), 'a second CONNACK, code 3'],
  ])('%s is told in words', async (_what, bytes, detail) => {
    const server = await bench.online();
    server.connection().socket.write(bytes);
    await bench.listener.ended;
    expect(bench.listener.end).toEqual({ cause: 'protocol-error', detail });
  });

  test('no PINGRESP', async () => {
    const server = await bench.online(scripts.accept, { connection: { keepaliveSec: 1 } });
    const acceptedUs = bench.listener.atUs;
    await bench.listener.ended;
    expect(bench.listener.end?.cause).toBe('keepalive-timeout');
    expect(bench.listener.atUs - acceptedUs).toBeGreaterThanOrEqual(1_400_000);
    expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect', 'pingreq']);
  });

  test.each([
    ['FIN', scripts.replyThenFin(scripts.CONNACK_0), 'closed-by-server'],
    ['garbage', scripts.reply(Buffer.concat([scripts.CONNACK_0, Buffer.from([0x00, 0x00])])), 'protocol-error'],
    ['a second CONNACK', scripts.reply(Buffer.concat([scripts.CONNACK_0, scripts.CONNACK_0])), 'protocol-error'],
  ])('%s in the same breath as CONNACK 0: accepted, then ended', async (_what, script, cause) => {
    const server = await bench.serve(script);
    await bench.open(server.port).ended;
    expect(bench.listener.calls).toEqual(['accepted', 'ended']);
    expect(bench.listener.end?.cause).toBe(cause);
  });
});
