import { getActiveResourcesInfo } from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LeanLinkFactory } from '../../src/link/lean.ts';
import { MqttJsLinkFactory, type MqttJsLinkServices } from '../../src/link/mqttjs.ts';
import type { Link, LinkFactory, LinkOptions } from '../../src/link/port.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import { FullBacklog } from '../fixtures/servers/full-backlog.ts';
import { RefusedPort } from '../fixtures/servers/refused-port.ts';
import { type Script, ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

/** Every implementation of the port passes the same suite. */
const implementations: [name: string, make: (services: MqttJsLinkServices) => LinkFactory][] = [
  ['mqttjs', (services) => new MqttJsLinkFactory(services)],
  ['lean', (services) => new LeanLinkFactory(services)],
];

const SHORT_US = 150_000;
const LONG_US = 10_000_000;

describe.each(implementations)('link contract: %s', (_name, makeFactory) => {
  let time: RealTime;
  let factory: LinkFactory;
  let listener: RecordingListener;
  let link: Link;
  let openedUs: number;
  let stops: (() => Promise<void>)[];

  beforeEach(() => {
    time = new RealTime();
    factory = makeFactory({ clock: time.clock, wheel: time.wheel });
    listener = new RecordingListener();
    stops = [];
  });

  /** No test may leave a socket or a timer behind. */
  afterEach(async () => {
    const listenersCalls = [...listener.calls];
    for (const stop of stops) await stop();
    await socketsGone();
    expect(time.wheel.size).toBe(0);
    time.stop();
    expect(listener.calls.slice(0, listenersCalls.length)).toEqual(listenersCalls);
    expect(listener.calls.filter((call) => call !== 'ended').length).toBeLessThanOrEqual(1);
  });

  function open(port: number, options: Partial<LinkOptions> & { host?: string } = {}): RecordingListener {
    const { host = '127.0.0.1', ...rest } = options;
    openedUs = time.clock.nowUs();
    link = factory.open(
      {
        endpoint: { host, port },
        clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
        username: 'device&pk',
        password: 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14',
        keepaliveSec: 120,
        clean: true,
        connectTimeoutUs: LONG_US,
        ...rest,
      },
      listener,
    );
    expect(listener.calls).toEqual([]);
    return listener;
  }

  async function serve(script: Script, options?: { allowHalfOpen?: boolean }): Promise<ScriptedServer> {
    const server = await ScriptedServer.start(script, options);
    stops.push(() => server.stop());
    return server;
  }

  async function online(script: Script = scripts.accept, options: Partial<LinkOptions> = {}): Promise<ScriptedServer> {
    const server = await serve(script);
    await open(server.port, options).settled;
    expect(listener.calls).toEqual(['accepted']);
    return server;
  }

  function expectFailure(outcome: string, phase: string, detail: string | RegExp): void {
    expect(listener.calls).toEqual(['failed']);
    expect(listener.failure).toEqual({
      outcome,
      phase,
      detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    });
  }

  /** Microseconds from opening to the call; the phases never add up to more. */
  function serviceUs(): number {
    const { dnsUs, tcpUs, tlsUs, mqttUs } = listener.phases ?? expect.fail('no phases');
    const parts = [dnsUs, tcpUs, tlsUs, mqttUs].filter((us) => us !== -1);
    for (const us of parts) expect(us).toBeGreaterThanOrEqual(0);
    const service = listener.atUs - openedUs;
    expect(parts.reduce((sum, us) => sum + us, 0)).toBeLessThanOrEqual(service + 0.001);
    return service;
  }

  describe('login', () => {
    test('sends the CONNECT it was told to and is accepted', async () => {
      const server = await online(scripts.accept, { keepaliveSec: 77, clean: false });
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
      link.reset();
    });

    test('works without user name and password, and without keepalive', async () => {
      const server = await online(scripts.accept, { username: undefined, password: undefined, keepaliveSec: 0 });
      expect(server.connection().packets).toMatchObject([{ cmd: 'connect', keepalive: 0 }]);
      expect(server.connection().packets[0]).not.toHaveProperty('username');
      link.reset();
    });

    test('times tcp and mqtt, and no dns for an address', async () => {
      await online();
      expect(listener.phases).toMatchObject({ dnsUs: -1, tlsUs: -1 });
      expect(listener.phases?.tcpUs).toBeGreaterThan(0);
      expect(listener.phases?.mqttUs).toBeGreaterThan(0);
      serviceUs();
      link.reset();
    });

    test('times dns for a name', async () => {
      const server = await serve(scripts.accept);
      await open(server.port, { host: 'localhost' }).settled;
      expect(listener.calls).toEqual(['accepted']);
      expect(listener.phases?.dnsUs).toBeGreaterThan(0);
      serviceUs();
      link.reset();
    });

    test('the wait for CONNACK is the mqtt phase', async () => {
      const waitMs = 40;
      await online((connection) =>
        connection.onConnect(() => setTimeout(() => connection.socket.write(scripts.CONNACK_0), waitMs)),
      );
      expect(listener.phases?.mqttUs).toBeGreaterThanOrEqual(waitMs * 1_000 - 1_000);
      link.reset();
    });

    test('a CONNACK that comes byte by byte is a CONNACK', async () => {
      await online(scripts.replyInPieces([...scripts.CONNACK_0].map((byte) => Buffer.from([byte]))));
      link.reset();
    });

    test.each([1, 2, 3])('a CONNACK cut after byte %i is a CONNACK', async (at) => {
      const pieces = [scripts.CONNACK_0.subarray(0, at), scripts.CONNACK_0.subarray(at)];
      await online(scripts.replyInPieces(pieces));
      link.reset();
    });

    test('session present is accepted', async () => {
      await online(scripts.reply(Buffer.from([0x20, 0x02, 0x01, 0x00])), { clean: false });
      link.reset();
    });

    test('two links of one factory keep their client ids', async () => {
      const server = await serve(scripts.accept);
      await open(server.port, { clientId: 'one' }).settled;
      const [first, firstListener] = [link, listener];
      listener = new RecordingListener();
      await open(server.port, { clientId: 'two' }).settled;
      expect(server.connections.flatMap(({ packets }) => packets)).toMatchObject([
        { clientId: 'one' },
        { clientId: 'two' },
      ]);
      expect(firstListener.calls).toEqual(['accepted']);
      first.reset();
      link.reset();
    });
  });

  describe('failures', () => {
    test('refused port', async () => {
      const refused = await RefusedPort.hold();
      stops.push(() => refused.stop());
      await open(refused.port).settled;
      expectFailure('tcp-refused', 'tcp', `ECONNREFUSED 127.0.0.1:${refused.port}`);
      expect(listener.phases).toEqual({ dnsUs: -1, tcpUs: -1, tlsUs: -1, mqttUs: -1 });
    });

    test('unresolvable name', async () => {
      await open(1883, { host: 'name.invalid' }).settled;
      expectFailure('dns-failed', 'dns', /^(ENOTFOUND|EAI_AGAIN) name\.invalid:1883$/);
    });

    test('SYN without an answer', async () => {
      const backlog = await FullBacklog.start();
      stops.push(() => backlog.stop());
      await open(backlog.port, { connectTimeoutUs: SHORT_US }).settled;
      expectFailure('tcp-timeout', 'tcp', `no answer from 127.0.0.1:${backlog.port} within 150ms`);
      expect(serviceUs()).toBeGreaterThanOrEqual(SHORT_US);
    });

    test('RST at accept', async () => {
      const server = await serve(scripts.resetAtAccept);
      await open(server.port).settled;
      // Whether the RST is here before the connection is reported is up to the kernel.
      const phase = listener.phases?.tcpUs === -1 ? 'tcp' : 'mqtt';
      expectFailure('tcp-reset', phase, /^(ECONNRESET|EPIPE) 127\.0\.0\.1:\d+$/);
    });

    test('RST after CONNECT', async () => {
      const server = await serve(scripts.resetAtConnect);
      await open(server.port).settled;
      expectFailure('tcp-reset', 'mqtt', `ECONNRESET 127.0.0.1:${server.port}`);
      expect(listener.phases?.tcpUs).toBeGreaterThan(0);
    });

    test('silence after accept', async () => {
      const server = await serve(scripts.silence);
      await open(server.port, { connectTimeoutUs: SHORT_US }).settled;
      expectFailure('connack-timeout', 'mqtt', `no CONNACK from 127.0.0.1:${server.port} within 150ms`);
      expect(serviceUs()).toBeGreaterThanOrEqual(SHORT_US);
      await server.connection().closed;
    });

    test('FIN before CONNACK', async () => {
      const server = await serve(scripts.finAtConnect);
      await open(server.port).settled;
      expectFailure('closed-before-connack', 'mqtt', `FIN from 127.0.0.1:${server.port}`);
    });

    test('half a CONNACK, then silence', async () => {
      const server = await serve(scripts.reply(scripts.CONNACK_0.subarray(0, 2)));
      await open(server.port, { connectTimeoutUs: SHORT_US }).settled;
      expectFailure('connack-timeout', 'mqtt', /, 2 of 4 bytes of CONNACK came$/);
    });

    test('half a CONNACK, then FIN', async () => {
      const server = await serve(scripts.replyThenFin(scripts.CONNACK_0.subarray(0, 3)));
      await open(server.port).settled;
      expectFailure('closed-before-connack', 'mqtt', /, 3 of 4 bytes of CONNACK came$/);
    });

    test.each([1, 2, 3, 4, 5])('CONNACK %i, then FIN', async (code) => {
      const server = await serve(scripts.replyThenFin(scripts.connack(code)));
      await open(server.port).settled;
      expectFailure(`refused-${code}`, 'mqtt', new RegExp(`^CONNACK ${code}: \\w`));
      expect(listener.phases?.mqttUs).toBeGreaterThan(0);
      serviceUs();
    });

    test.each([1, 2, 3, 4, 5])('CONNACK %i from a service that does not close: the client does', async (code) => {
      const server = await serve(scripts.reply(scripts.connack(code)));
      await open(server.port).settled;
      expectFailure(`refused-${code}`, 'mqtt', /./);
      await server.connection().closed;
      expect(server.connection().signs).toEqual(['FIN']);
    });

    test.each([
      ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /^first byte 0x48 is no CONNACK \(an "H"/],
      [
        'a TLS alert',
        Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]),
        /^first byte 0x15 is no CONNACK \(a TLS alert/,
      ],
      ['zeros', Buffer.alloc(16), /^first byte 0x00 is no CONNACK$/],
      ['a PINGRESP first', Buffer.from([0xd0, 0x00]), /^first byte 0xd0 is no CONNACK$/],
      ['the start of a huge PUBLISH', Buffer.from([0x30, 0xff, 0xff, 0x7f]), /^first byte 0x30 is no CONNACK$/],
      ['a CONNACK of wrong length', Buffer.from([0x20, 0x03, 0x00, 0x00, 0x00]), /^CONNACK of length 3, expected 2$/],
      ['reserved CONNACK flags', Buffer.from([0x20, 0x02, 0x02, 0x00]), /^CONNACK flags 0x02, expected 0 or 1$/],
      ['a reserved CONNACK code', Buffer.from([0x20, 0x02, 0x00, 0x06]), /^CONNACK code 6, which is reserved$/],
    ])('%s', async (_what, bytes, detail) => {
      const server = await serve(scripts.reply(bytes));
      await open(server.port).settled;
      expectFailure('protocol-error', 'mqtt', detail);
      await server.connection().closed;
    });

    test('no detail holds a secret', async () => {
      const server = await serve(scripts.replyThenFin(scripts.connack(4)));
      await open(server.port).settled;
      expect(JSON.stringify(listener.failure)).not.toContain('FAFD82A3');
    });
  });

  describe('end of a session by the service', () => {
    test('FIN', async () => {
      const server = await online();
      server.connection().socket.end();
      await listener.ended;
      expect(listener.end).toEqual({ cause: 'closed-by-server', detail: `FIN from 127.0.0.1:${server.port}` });
      expect(listener.calls).toEqual(['accepted', 'ended']);
    });

    test('RST', async () => {
      const server = await online();
      server.connection().socket.resetAndDestroy();
      await listener.ended;
      expect(listener.end).toEqual({ cause: 'reset', detail: `ECONNRESET 127.0.0.1:${server.port}` });
      expect(listener.calls).toEqual(['accepted', 'ended']);
    });

    test.each([
      ['garbage', Buffer.from([0x00, 0x00])],
      ['a second CONNACK', scripts.CONNACK_0],
      ['a packet only clients send', Buffer.from([0xc0, 0x00])],
      ['a PUBREL without an identifier', Buffer.from([0x62, 0x00])],
      ['a PUBREL with identifier 0', Buffer.from([0x62, 0x02, 0x00, 0x00])],
      ['a PUBLISH of QoS 1 without an identifier', Buffer.from([0x32, 0x03, 0x00, 0x01, 0x61])],
      ['two PUBRELs without an identifier', Buffer.from([0x62, 0x00, 0x62, 0x00])],
    ])('%s', async (_what, bytes) => {
      const server = await online();
      server.connection().socket.write(bytes);
      await listener.ended;
      expect(listener.end?.cause).toBe('protocol-error');
      expect(listener.calls).toEqual(['accepted', 'ended']);
      await server.connection().closed;
    });

    test('no PINGRESP', async () => {
      const server = await online(scripts.accept, { keepaliveSec: 1 });
      const acceptedUs = listener.atUs;
      await listener.ended;
      expect(listener.end?.cause).toBe('keepalive-timeout');
      expect(listener.atUs - acceptedUs).toBeGreaterThanOrEqual(1_400_000);
      expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect', 'pingreq']);
    });

    test.each([
      ['FIN', scripts.replyThenFin(scripts.CONNACK_0), 'closed-by-server'],
      ['garbage', scripts.reply(Buffer.concat([scripts.CONNACK_0, Buffer.from([0x00, 0x00])])), 'protocol-error'],
      ['a second CONNACK', scripts.reply(Buffer.concat([scripts.CONNACK_0, scripts.CONNACK_0])), 'protocol-error'],
    ])('%s in the same breath as CONNACK 0: accepted, then ended', async (_what, script, cause) => {
      const server = await serve(script);
      await open(server.port).ended;
      expect(listener.calls).toEqual(['accepted', 'ended']);
      expect(listener.end?.cause).toBe(cause);
    });
  });

  describe('end by the session', () => {
    test('end sends DISCONNECT, then FIN', async () => {
      const server = await online();
      await new Promise<void>((resolve) => link.end(resolve));
      await server.connection().closed;
      expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect', 'disconnect']);
      expect(server.connection().signs).toEqual(['FIN']);
      expect(listener.calls).toEqual(['accepted']);
    });

    test('end inside onAccepted leaves in order as well', async () => {
      const server = await serve(scripts.accept);
      let closed = 0;
      listener.whenAccepted = () => link.end(() => closed++);
      await open(server.port).settled;
      await server.connection().closed;
      await socketsGone();
      expect(closed).toBe(1);
      expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect', 'disconnect']);
      expect(listener.calls).toEqual(['accepted']);
    });

    test('end twice calls back twice, and a third time at once', async () => {
      await online();
      const twice = [0, 1].map(() => new Promise<void>((resolve) => link.end(resolve)));
      await Promise.all(twice);
      let isClosed = false;
      link.end(() => {
        isClosed = true;
      });
      expect(isClosed).toBe(true);
    });

    test('end is bounded when the service does not close', async () => {
      const server = await serve(scripts.accept, { allowHalfOpen: true });
      await open(server.port).settled;
      const beforeUs = time.clock.nowUs();
      await new Promise<void>((resolve) => link.end(resolve));
      expect(time.clock.nowUs() - beforeUs).toBeLessThan(4_000_000);
      expect(listener.calls).toEqual(['accepted']);
    });

    test('end while connecting aborts without a call', async () => {
      const backlog = await FullBacklog.start();
      stops.push(() => backlog.stop());
      open(backlog.port);
      await new Promise<void>((resolve) => link.end(resolve));
      expect(listener.calls).toEqual([]);
    });

    test('end before CONNACK aborts without a call', async () => {
      const server = await serve(scripts.silence);
      open(server.port);
      await (await server.accepted).connectCame;
      await new Promise<void>((resolve) => link.end(resolve));
      await server.connection().closed;
      expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
      expect(listener.calls).toEqual([]);
    });

    test('end after the service ended calls back', async () => {
      const server = await online();
      server.connection().socket.end();
      await listener.ended;
      await new Promise<void>((resolve) => link.end(resolve));
      expect(listener.calls).toEqual(['accepted', 'ended']);
    });

    test('reset online sends RST and no DISCONNECT', async () => {
      const server = await online();
      link.reset();
      await server.connection().closed;
      expect(server.connection().signs).toEqual(['ECONNRESET']);
      expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
      expect(listener.calls).toEqual(['accepted']);
    });

    test('reset before CONNACK sends RST', async () => {
      const server = await serve(scripts.silence);
      open(server.port);
      await (await server.accepted).connectCame;
      link.reset();
      await server.connection().closed;
      expect(server.connection().signs).toEqual(['ECONNRESET']);
      expect(listener.calls).toEqual([]);
    });

    test('reset while connecting sends RST and no CONNECT', async () => {
      const server = await serve(scripts.silence);
      open(server.port);
      link.reset();
      await server.accepted;
      await server.connection().closed;
      expect(server.connection().signs).toEqual(['ECONNRESET']);
      expect(server.connection().packets).toEqual([]);
      expect(listener.calls).toEqual([]);
    });

    test('reset after reset, and after the end, does nothing', async () => {
      await online();
      link.reset();
      link.reset();
      link.end();
      await socketsGone();
      link.reset();
      expect(listener.calls).toEqual(['accepted']);
    });
  });

  describe('whatever comes', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 24 });
    const nearlyConnack = fc
      .tuple(fc.constantFrom(0x20, 0x21, 0x30), fc.nat(4), fc.nat(2), fc.nat(7), fc.uint8Array({ maxLength: 12 }))
      .map(([type, length, flags, code, rest]) => Uint8Array.from([type, length, flags, code, ...rest]));

    test('random bytes instead of a CONNACK give exactly one outcome', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(bytes, nearlyConnack), async (reply) => {
          const server = await serve(scripts.replyThenFin(reply));
          listener = new RecordingListener();
          await open(server.port).settled;
          if (listener.calls[0] === 'accepted') await listener.ended;
          await server.stop();
          expect([['failed'], ['accepted', 'ended']]).toContainEqual(listener.calls);
        }),
        { numRuns: 150 },
      );
    });

    test('random bytes after CONNACK 0 give exactly one end', async () => {
      const packet = fc
        .tuple(fc.nat(15), fc.nat(15), fc.uint8Array({ maxLength: 10 }))
        .map(([type, flags, body]) => Uint8Array.from([(type << 4) | flags, body.length, ...body]));
      await fc.assert(
        fc.asyncProperty(fc.oneof(bytes, packet), async (garbage) => {
          const server = await serve(scripts.replyThenFin(Buffer.concat([scripts.CONNACK_0, garbage])));
          listener = new RecordingListener();
          await open(server.port).ended;
          await server.stop();
          expect(listener.calls).toEqual(['accepted', 'ended']);
        }),
        { numRuns: 250 },
      );
    });

    test('a reply cut at every position gives the same outcome', async () => {
      const replies = [0, 1, 2, 3, 4, 5, 6].map(scripts.connack);
      const outcomes = new Map<number, Set<string>>();
      for (const [code, reply] of replies.entries()) {
        outcomes.set(code, new Set());
        for (let at = 1; at <= reply.length; at++) {
          const server = await serve(scripts.replyInPieces([reply.subarray(0, at), reply.subarray(at)]));
          listener = new RecordingListener();
          await open(server.port).settled;
          outcomes.get(code)?.add(listener.failure?.outcome ?? 'accepted');
          link.reset();
          await server.stop();
        }
      }
      expect([...outcomes.values()].map((seen) => [...seen])).toEqual([
        ['accepted'],
        ['refused-1'],
        ['refused-2'],
        ['refused-3'],
        ['refused-4'],
        ['refused-5'],
        ['protocol-error'],
      ]);
    });
  });

  test('many links at once leave nothing behind', async () => {
    const server = await serve(scripts.accept);
    const many = Array.from({ length: 100 }, (_, index) => {
      const own = new RecordingListener();
      const options = { endpoint: { host: '127.0.0.1', port: server.port }, clientId: `device-${index}` };
      return { own, link: factory.open({ ...options, keepaliveSec: 60, clean: true, connectTimeoutUs: LONG_US }, own) };
    });
    await Promise.all(many.map(({ own }) => own.settled));
    expect(many.flatMap(({ own }) => own.calls)).toEqual(Array.from({ length: 100 }, () => 'accepted'));
    await Promise.all(many.map(({ link: one }) => new Promise<void>((resolve) => one.end(resolve))));
    expect(time.wheel.size).toBe(0);
  });
});

/** Returns once this process holds no TCP connection. The runner's time limit is the bound. */
async function socketsGone(): Promise<void> {
  while (getActiveResourcesInfo().includes('TCPSocketWrap')) await turn();
}
