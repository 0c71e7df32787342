import { expect, test } from 'vitest';
import { describeLinks } from '../fixtures/links/link-bench.ts';
import { RecordingMessages } from '../fixtures/links/recording-messages.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

/** Told of a login for which no connection is made. */
const NO_PHASES = { dnsUs: -1, tcpUs: -1, tlsUs: -1, mqttUs: -1 };

describeLinks('what MQTT cannot carry', (bench) => {
  test.each([
    ['a password without a user name', { username: undefined }, /^not sent: a password without a user name/],
    [
      'an empty client id of a kept session',
      { clientId: '', connection: { clean: false } },
      /^not sent: an empty client id/,
    ],
    ['a password of 70,000 bytes', { password: 'x'.repeat(70_000) }, /^not sent: a password longer than 65,535 bytes/],
    ['a user name with U+0000', { username: 'a\0b' }, /^not sent: a user name that holds U\+0000/],
    ['a keepalive of 70,000 s', { connection: { keepaliveSec: 70_000 } }, /^not sent: a keepalive above 65,535 s/],
  ])('%s is the outcome of the device, and no connection is made', async (_what, options, detail) => {
    const server = await bench.serve(scripts.accept);
    await bench.open(server.port, options).settled;
    bench.expectFailure('protocol-error', 'mqtt', detail);
    expect(bench.listener.phases).toEqual(NO_PHASES);
    expect(server.connections).toEqual([]);
  });

  test('a device that is of no use fails as it says, and no connection is made', async () => {
    const server = await bench.serve(scripts.accept);
    const unusable = { outcome: 'tls-failed', phase: 'tls', detail: 'no certificate' } as const;
    await bench.open(server.port, { unusable }).settled;
    expect(bench.listener.failure).toEqual(unusable);
    expect(server.connections).toEqual([]);
  });

  test('a link that is ended before it could tell so says nothing', async () => {
    const server = await bench.serve(scripts.accept);
    bench.open(server.port, { username: undefined });
    await new Promise<void>((resolve) => bench.link.end(resolve));
    bench.open(server.port, { username: undefined });
    bench.link.reset();
    await Promise.resolve();
    expect(bench.listener.calls).toEqual([]);
  });

  test.each([
    ['a topic with a wildcard', 'a/room#2/up', /^not sent: a topic with a wildcard/],
    ['an empty topic', '', /^not sent: an empty topic/],
    ['a topic with U+0000', 'a\0', /^not sent: a topic that holds U\+0000/],
  ])('%s ends the session, and nothing is published', async (_what, topic, detail) => {
    const server = await bench.online();
    const told = new RecordingMessages();
    expect(bench.link.publish({ topic, payload: Buffer.from('x'), qos: 1 }, told)).toBeUndefined();
    expect(bench.listener.calls).toEqual(['accepted', 'ended']);
    expect(bench.listener.end).toEqual({ cause: 'protocol-error', detail: expect.stringMatching(detail) });
    expect(bench.link.publish({ topic: 'a', payload: Buffer.from('x'), qos: 1 }, told)).toBeUndefined();
    await server.connection().closed;
    expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
    expect(told.calls).toEqual([]);
  });

  test('a filter that is none ends the session, and nothing is subscribed to', async () => {
    const server = await bench.online();
    const filters = ['a/b', 'a/x#/b'].map((topic) => ({ topic, qos: 1 }) as const);
    expect(bench.link.subscribe(filters, new RecordingMessages())).toBeUndefined();
    expect(bench.listener.end?.detail).toMatch(/^not sent: a topic filter with a wildcard/);
    await server.connection().closed;
    expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
  });
});
