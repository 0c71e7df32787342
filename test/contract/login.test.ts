import { expect, test } from 'vitest';
import { describeLinks, LONG_US } from '../fixtures/links/link-bench.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

describeLinks('login', (bench) => {
  test('sends the CONNECT it was told to and is accepted', async () => {
    const server = await bench.online(scripts.accept, { connection: { keepaliveSec: 77, clean: false } });
    expect(server.connection().packets).toMatchObject([
      {
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
        username: 'device&pk',
        password: Buffer.from('FAFD82A3D602B37FB0FA8B7892F24A477F851A14'),
        keepalive: 77,
        clean: false,
      },
    ]);
    bench.link.reset();
  });

  test('works without user name and password, and without keepalive', async () => {
    const server = await bench.online(scripts.accept, {
      username: undefined,
      password: undefined,
      connection: { keepaliveSec: 0 },
    });
    expect(server.connection().packets).toMatchObject([{ cmd: 'connect', keepalive: 0 }]);
    expect(server.connection().packets[0]).not.toHaveProperty('username');
    bench.link.reset();
  });

  test('times tcp and mqtt, and no dns for an address', async () => {
    await bench.online();
    expect(bench.listener.phases).toMatchObject({ dnsUs: -1, tlsUs: -1 });
    expect(bench.listener.phases?.tcpUs).toBeGreaterThan(0);
    expect(bench.listener.phases?.mqttUs).toBeGreaterThan(0);
    bench.serviceUs();
    bench.link.reset();
  });

  test('times dns for a name', async () => {
    const server = await bench.serve(scripts.accept);
    await bench.open(server.port, { host: 'localhost' }).settled;
    expect(bench.listener.calls).toEqual(['accepted']);
    expect(bench.listener.phases?.dnsUs).toBeGreaterThan(0);
    bench.serviceUs();
    bench.link.reset();
  });

  test('the wait for CONNACK is the mqtt phase', async () => {
    const waitMs = 40;
    await bench.online((connection) =>
      connection.onConnect(() => setTimeout(() => connection.socket.write(scripts.CONNACK_0), waitMs)),
    );
    expect(bench.listener.phases?.mqttUs).toBeGreaterThanOrEqual(waitMs * 1_000 - 1_000);
    bench.link.reset();
  });

  test('a CONNACK that comes byte by byte is a CONNACK', async () => {
    await bench.online(scripts.replyInPieces([...scripts.CONNACK_0].map((byte) => Buffer.from([byte]))));
    bench.link.reset();
  });

  test.each([1, 2, 3])('a CONNACK cut after byte %i is a CONNACK', async (at) => {
    const pieces = [scripts.CONNACK_0.subarray(0, at), scripts.CONNACK_0.subarray(at)];
    await bench.online(scripts.replyInPieces(pieces));
    bench.link.reset();
  });

  test('session present is accepted', async () => {
    await bench.online(scripts.reply(Buffer.from([0x20, 0x02, 0x01, 0x00])), { connection: { clean: false } });
    bench.link.reset();
  });

  test('two links of one factory keep their client ids', async () => {
    const server = await bench.serve(scripts.accept);
    await bench.open(server.port, { clientId: 'one' }).settled;
    const [first, firstListener] = [bench.link, bench.listener];
    bench.listener = new RecordingListener();
    await bench.open(server.port, { clientId: 'two' }).settled;
    expect(server.connections.flatMap(({ packets }) => packets)).toMatchObject([
      { clientId: 'one' },
      { clientId: 'two' },
    ]);
    expect(firstListener.calls).toEqual(['accepted']);
    first.reset();
    bench.link.reset();
  });

  test('many links at once leave nothing behind', async () => {
    const server = await bench.serve(scripts.accept);
    const many = Array.from({ length: 100 }, (_, index) => {
      const own = new RecordingListener();
      const options = { endpoint: { host: '127.0.0.1', port: server.port }, clientId: `device-${index}` };
      return {
        own,
        link: bench.factory.open(
          { ...options, connection: { keepaliveSec: 60, clean: true, connectTimeoutUs: LONG_US } },
          own,
        ),
      };
    });
    await Promise.all(many.map(({ own }) => own.settled));
    expect(many.flatMap(({ own }) => own.calls)).toEqual(Array.from({ length: 100 }, () => 'accepted'));
    await Promise.all(many.map(({ link: one }) => new Promise<void>((resolve) => one.end(resolve))));
    expect(bench.time.wheel.size).toBe(0);
  });
});
