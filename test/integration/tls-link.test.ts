import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Link, LinkFactory, LinkOptions } from '../../src/link/port.ts';
import { secureContextOf, type TlsLayer, type TlsSettings } from '../../src/link/socket/tls.ts';
import { implementations } from '../fixtures/links/implementations.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import { type Identity, TestCa } from '../fixtures/servers/certificates.ts';
import { RawServer } from '../fixtures/servers/raw-server.ts';
import type { Script } from '../fixtures/servers/scripted-server.ts';
import * as scripts from '../fixtures/servers/scripts.ts';
import { TlsServer } from '../fixtures/servers/tls-server.ts';

let ca: TestCa;
let good: Identity;
beforeAll(async () => {
  ca = await TestCa.make('Test CA');
  good = await ca.sign('service', { dns: ['localhost'], ips: ['127.0.0.1'] });
});

/** Waited out; the connection itself must be there before the end of it on a slow machine. */
const SHORT_US = 1_000_000;

describe.each(implementations)('links over TLS: %s', (_name, makeFactory) => {
  let time: RealTime;
  let factory: LinkFactory;
  let listener: RecordingListener;
  let link: Link;
  let stops: (() => Promise<void>)[];

  beforeEach(() => {
    time = new RealTime();
    factory = makeFactory({ clock: time.clock, wheel: time.wheel });
    listener = new RecordingListener();
    stops = [];
  });

  afterEach(async () => {
    for (const stop of stops) await stop();
    await expect.poll(() => time.wheel.size).toBe(0);
    time.stop();
    expect(listener.calls.filter((call) => call !== 'ended').length).toBeLessThanOrEqual(1);
  });

  async function serve(identity: Identity, script: Script = scripts.accept, more: object = {}): Promise<TlsServer> {
    const server = await TlsServer.start({ ...identity, ...more }, script);
    stops.push(() => server.stop());
    return server;
  }

  function open(port: number, tls: TlsLayer, more: Partial<LinkOptions> & { host?: string } = {}): RecordingListener {
    const { host = '127.0.0.1', ...rest } = more;
    link = factory.open(
      {
        endpoint: { host, port },
        clientId: 'device',
        username: 'id',
        password: 'token',
        connection: { keepaliveSec: 120, clean: true, connectTimeoutUs: 60_000_000 },
        tls,
        ...rest,
      },
      listener,
    );
    expect(listener.calls).toEqual([]);
    return listener;
  }

  test('times tcp, tls and mqtt, one after the other', async () => {
    const server = await serve(good);
    const startUs = time.clock.nowUs();
    await open(server.port, layer()).settled;
    expect(listener.calls).toEqual(['accepted']);
    const { dnsUs, tcpUs, tlsUs, mqttUs } = listener.phases ?? expect.fail('no phases');
    expect(dnsUs).toBe(-1);
    for (const us of [tcpUs, tlsUs, mqttUs]) expect(us).toBeGreaterThan(0);
    expect(tcpUs + tlsUs + mqttUs).toBeLessThanOrEqual(listener.atUs - startUs + 0.001);
    expect(server.connections[0]?.packets).toMatchObject([{ cmd: 'connect', clientId: 'device' }]);
    expect(server.serverNames).toEqual([false]);
    await closed(link);
  });

  test('asks for the name and checks it', async () => {
    const server = await serve(good);
    await open(server.port, layer(), { host: 'localhost' }).settled;
    expect(listener.calls).toEqual(['accepted']);
    expect(server.serverNames).toEqual(['localhost']);
    await closed(link);
  });

  test('ends with DISCONNECT under TLS', async () => {
    const server = await serve(good);
    await open(server.port, layer()).settled;
    await closed(link);
    await server.connections[0]?.closed;
    expect(server.connections[0]?.packets.map(({ cmd }) => cmd)).toEqual(['connect', 'disconnect']);
  });

  test('resets the connection under TLS', async () => {
    const server = await serve(good);
    await open(server.port, layer()).settled;
    link.reset();
    await server.connections[0]?.closed;
    expect(server.connections[0]?.signs).toContain('ECONNRESET');
  });

  test('hears of the end by the service', async () => {
    const server = await serve(good);
    await open(server.port, layer()).settled;
    server.connections[0]?.socket.end();
    await listener.ended;
    expect(listener.end?.cause).toBe('closed-by-server');
  });

  test('passes a refusal on', async () => {
    const server = await serve(good, scripts.reply(scripts.connack(3)));
    await open(server.port, layer()).settled;
    expect(listener.failure).toMatchObject({ outcome: 'refused-3', phase: 'mqtt' });
  });

  describe('a handshake that fails says why', () => {
    async function expectTlsFailure(port: number, tls: TlsLayer, detail: RegExp, more: object = {}): Promise<void> {
      await open(port, tls, more).settled;
      expect(listener.calls).toEqual(['failed']);
      expect(listener.failure).toEqual({ outcome: 'tls-failed', phase: 'tls', detail: expect.stringMatching(detail) });
      expect(listener.phases).toMatchObject({ tlsUs: -1, mqttUs: -1 });
      expect(listener.phases?.tcpUs).toBeGreaterThan(0);
    }

    test('untrusted', async () => {
      const other = await TestCa.make('Another CA');
      const server = await serve(await other.sign('service', { ips: ['127.0.0.1'] }));
      await expectTlsFailure(server.port, layer(), /^untrusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE 127\.0\.0\.1:\d+$/);
      expect(server.connections.flatMap(({ packets }) => packets)).toEqual([]);
    });

    test('expired', async () => {
      const server = await serve(await ca.sign('service', { ips: ['127.0.0.1'], endsInDays: -1 }));
      await expectTlsFailure(server.port, layer(), /^expired: CERT_HAS_EXPIRED /);
    });

    test('not yet valid', async () => {
      const server = await serve(await ca.sign('service', { ips: ['127.0.0.1'], startsInDays: 1 }));
      await expectTlsFailure(server.port, layer(), /^not yet valid: CERT_NOT_YET_VALID /);
    });

    test('name', async () => {
      const server = await serve(await ca.sign('service', { dns: ['elsewhere.example'] }));
      await expectTlsFailure(
        server.port,
        layer(),
        /^name: the certificate of localhost:\d+ is for DNS:elsewhere\.example$/,
        { host: 'localhost' },
      );
    });

    test('an older version of TLS than is accepted', async () => {
      const server = await serve(good, scripts.accept, { maxVersion: 'TLSv1.2' });
      await expectTlsFailure(server.port, layer({ minVersion: 'TLSv1.3' }), /^handshake: .*PROTOCOL_VERSION/);
    });

    test('no TLS at all', async () => {
      const server = await RawServer.start((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      stops.push(() => server.stop());
      await expectTlsFailure(server.port, layer(), /^handshake: the answer is not TLS /);
    });

    test('closed', async () => {
      const server = await RawServer.start((socket) => socket.end());
      stops.push(() => server.stop());
      await expectTlsFailure(server.port, layer(), /^handshake: closed by the service /);
    });

    test('reset', async () => {
      const server = await RawServer.start((socket) => socket.once('data', () => socket.resetAndDestroy()));
      stops.push(() => server.stop());
      await expectTlsFailure(server.port, layer(), /^handshake: ECONNRESET /);
    });

    test('silence', async () => {
      const server = await RawServer.start((socket) => socket.resume());
      stops.push(() => server.stop());
      await expectTlsFailure(server.port, layer(), /^timeout: no TLS handshake from .* within 1s$/, {
        connection: { keepaliveSec: 120, clean: true, connectTimeoutUs: SHORT_US },
      });
    });

    test('a client certificate that is missing, by either version of TLS', async () => {
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
        listener = new RecordingListener();
        const mutual = { ca: ca.pem, requestCert: true, rejectUnauthorized: true, maxVersion };
        const server = await serve(good, scripts.accept, mutual);
        await open(server.port, layer()).settled;
        expect(listener.failure).toMatchObject({ outcome: 'tls-failed', phase: 'tls' });
        expect(listener.failure?.detail).toMatch(/^handshake: .*(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)/);
      }
    });
  });

  test('takes any certificate when told not to verify', async () => {
    const server = await serve(await ca.sign('service', { dns: ['elsewhere.example'], endsInDays: -1 }));
    await open(server.port, layer({ verify: false, ca: undefined })).settled;
    expect(listener.calls).toEqual(['accepted']);
    await closed(link);
  });

  test('expects another name when told to', async () => {
    const server = await serve(await ca.sign('service', { dns: ['elsewhere.example'] }));
    await open(server.port, layer({ serverName: 'elsewhere.example' })).settled;
    expect(listener.calls).toEqual(['accepted']);
    expect(server.serverNames).toEqual(['elsewhere.example']);
    await closed(link);
  });

  test('shows a client certificate', async () => {
    const client = await ca.sign('meter-1');
    const server = await serve(good, scripts.accept, { ca: ca.pem, requestCert: true, rejectUnauthorized: true });
    await open(server.port, layer({ client })).settled;
    expect(listener.calls).toEqual(['accepted']);
    expect(server.clients).toEqual(['meter-1']);
    await closed(link);
  });

  test.each(['TLSv1.2', 'TLSv1.3'])('resumes its session when told to (%s)', async (maxVersion) => {
    const server = await serve(good, scripts.accept, { maxVersion });
    const slot = { session: undefined };
    for (const tls of [layer(), layer(), { ...layer(), slot }, { ...layer(), slot }]) {
      listener = new RecordingListener();
      await open(server.port, tls).settled;
      expect(listener.calls).toEqual(['accepted']);
      await closed(link);
    }
    expect(server.resumed).toEqual([false, false, false, true]);
  });

  function layer(more: Partial<TlsSettings> = {}): TlsLayer {
    const settings: TlsSettings = {
      ca: ca.pem,
      verify: true,
      minVersion: 'TLSv1.2',
      sessionResumption: false,
      ...more,
    };
    return { context: secureContextOf(settings), verify: settings.verify, serverName: settings.serverName };
  }
});

async function closed(link: Link): Promise<void> {
  await new Promise<void>((resolve) => link.end(resolve));
}
