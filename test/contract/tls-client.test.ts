import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { secureContextOf, startTls, type TlsLayer, type TlsSettings } from '../../src/link/socket/tls.ts';
import { describeLinks } from '../fixtures/links/link-bench.ts';
import { type Identity, TestCa } from '../fixtures/servers/certificates.ts';
import * as scripts from '../fixtures/servers/scripts.ts';
import { TlsServer } from '../fixtures/servers/tls-server.ts';

const RULES = { verify: true, minVersion: 'TLSv1.2', sessionResumption: false } as const;

function layerOf(settings: Partial<TlsSettings>, more: Partial<TlsLayer> = {}): TlsLayer {
  return { context: secureContextOf({ ...RULES, ...settings }), verify: true, ...more };
}

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/certificates/${name}`, import.meta.url));
}

describeLinks('TLS of devices', (bench) => {
  let ca: TestCa;
  let service: Identity;
  beforeAll(async () => {
    ca = await TestCa.make('Test CA');
    service = await ca.sign('service', { ips: ['127.0.0.1'], dns: ['service.test'] });
  });

  async function serve(options: object = {}): Promise<TlsServer> {
    const server = await TlsServer.start({ ...service, ...options }, scripts.accept);
    bench.stops.push(() => server.stop());
    return server;
  }

  async function accepted(server: TlsServer, tls: TlsLayer): Promise<void> {
    await bench.open(server.port, { tls }).settled;
    expect(bench.listener.failure).toBeUndefined();
    await new Promise<void>((resolve) => bench.link.end(resolve));
  }

  test('a private key with a passphrase', async () => {
    const { cert, key } = await ca.sign('device');
    const encrypted = createPrivateKey(key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      .toString();
    const server = await serve({ ca: ca.pem, requestCert: true, rejectUnauthorized: true });
    await accepted(server, layerOf({ ca: ca.pem, client: { cert, key: encrypted }, passphrase: 'open sesame' }));
    expect(server.clients).toEqual(['device']);
  });

  test('certificate and key in PKCS#12', async () => {
    const server = await serve({ ca: fixture('client.pem'), requestCert: true, rejectUnauthorized: true });
    const client = { pfx: new Uint8Array(fixture('client.p12')) };
    await accepted(server, layerOf({ ca: ca.pem, client, passphrase: 'p12-passphrase' }));
    expect(server.clients).toEqual(['device-in-p12']);
  });

  test('ALPN names the protocols offered; without it nothing is offered', async () => {
    const server = await serve({ ALPNProtocols: ['http/1.1', 'mqtt'] });
    await accepted(server, layerOf({ ca: ca.pem }, { alpn: ['x-amzn-mqtt-ca', 'mqtt'] }));
    expect(server.protocols).toEqual(['mqtt']);
  });

  test('ALPN that the service does not take fails the handshake', async () => {
    const server = await serve({ ALPNProtocols: ['http/1.1'] });
    await bench.open(server.port, { tls: layerOf({ ca: ca.pem }, { alpn: ['mqtt'] }) }).settled;
    bench.expectFailure('tls-failed', 'tls', /^handshake: TLSV1_ALERT_NO_APPLICATION_PROTOCOL /);
  });

  test('a name that ends in a dot is checked and sent without it', async () => {
    const server = await serve();
    await accepted(server, layerOf({ ca: ca.pem }, { serverName: 'service.test.' }));
    expect(server.serverNames).toEqual(['service.test']);
  });
});

test('a host that ends in a dot is checked and sent without it', async () => {
  const ca = await TestCa.make('Test CA');
  const server = await TlsServer.start(await ca.sign('service', { dns: ['service.test'] }), scripts.accept);
  const secured = startTls(connect(server.port, '127.0.0.1'), 'service.test.', layerOf({ ca: ca.pem }));
  await Promise.all([once(secured, 'secureConnect'), server.accepted]);
  secured.destroy();
  expect(server.serverNames).toEqual(['service.test']);
  await server.stop();
});
