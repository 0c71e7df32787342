import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fleet } from '../../../src/device/fleet.ts';
import { readDeviceCsv } from '../../../src/device/list/device-csv.ts';
import { platformRules } from '../../../src/device/list/list-rules.ts';
import { FleetAccess } from '../../../src/fleet/fleet-access.ts';
import { rosterOf } from '../../../src/fleet/fleet-roster.ts';
import type { FleetShard } from '../../../src/fleet/protocol.ts';
import { WorkerAccess } from '../../../src/fleet/worker-access.ts';
import { MqttJsLinkFactory } from '../../../src/link/mqttjs/mqttjs.ts';
import { systemNetwork } from '../../../src/link/socket/socket.ts';
import { Recorder } from '../../../src/metrics/measure/recorder.ts';
import { WHOLE_FLEET } from '../../../src/plan/split.ts';
import { checkDeviceCsv } from '../../fixtures/checked-device-list.ts';
import { RealTime } from '../../fixtures/links/real-time.ts';
import { RecordingListener } from '../../fixtures/links/recording-listener.ts';
import { plainFleet } from '../../fixtures/plain-fleet.ts';
import { type Identity, TestCa } from '../../fixtures/servers/certificates.ts';
import * as scripts from '../../fixtures/servers/scripts.ts';
import { TlsServer } from '../../fixtures/servers/tls-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-certs-'));
afterAll(() => rmSync(folder, { recursive: true }));

let ca: TestCa;
let own: Identity;
let shared: Identity;
let csv: string;
beforeAll(async () => {
  ca = await TestCa.make('Test CA');
  own = await ca.sign('own-of-d1');
  const inline = await ca.sign('own-of-d2');
  shared = await ca.sign('shared');
  writeFileSync(join(folder, 'd1.pem'), own.cert);
  writeFileSync(join(folder, 'd1.key'), own.key);
  csv = join(folder, 'devices.csv');
  const rows = ['d1,s1,pk,d1.pem,d1.key', `d2,s2,pk,"${inline.cert}","${inline.key}"`, 'd3,s3,pk,,'];
  writeFileSync(csv, `DeviceName,DeviceSecret,ProductKey,ClientCert,clientkey\n${rows.join('\n')}\n`);
});

/** A fleet over TLS whose devices stand in a file. */
function shardOf(path: string, count: number, special: Partial<Fleet> = {}): FleetShard {
  return {
    fleet: plainFleet({ productKey: undefined, devices: { kind: 'csv', path, count }, ...special }),
    share: WHOLE_FLEET,
    transport: 'tls',
    endpoints: [{ host: '127.0.0.1', port: 1 }],
    spread: 'by-device',
    devicesBefore: 0,
  };
}

/** What `ask` finds out of the access of a fleet in a worker whose keys `passphrase` opens. */
function accessed<Result>(
  shard: FleetShard,
  passphrase: string | undefined,
  ask: (fleet: FleetAccess) => Result,
): Result {
  const time = new RealTime();
  const { clock, wheel } = time;
  const tls = { verify: false, minVersion: 'TLSv1.2', sessionResumption: false, passphrase } as const;
  const access = new WorkerAccess(
    { tls, authConnections: 'own', followsResources: true, allowedHosts: [] },
    { links: new MqttJsLinkFactory({ clock, wheel }), clock, wheel, network: systemNetwork },
  );
  const result = ask(new FleetAccess(access, shard, new Recorder(0, ['meters']).fleet(0)));
  access.close();
  time.stop();
  return result;
}

describe('client certificates of devices', () => {
  test('stand in a device file as paths or as PEM, or not at all', async () => {
    const shard = shardOf(csv, 3);
    const roster = await rosterOf(shard, 1);
    expect(roster.deviceAt(0).certificate).toEqual(own);
    expect(roster.deviceAt(1).certificate?.cert).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(roster.deviceAt(2)).not.toHaveProperty('certificate');
  });

  test('are shown to the service, each device its own, else the one of the target', async () => {
    const shard = shardOf(csv, 3);
    const roster = await rosterOf(shard, 1);
    const good = await ca.sign('service', { ips: ['127.0.0.1'] });
    const mutual = { ...good, ca: ca.pem, requestCert: true, rejectUnauthorized: true };
    const server = await TlsServer.start(mutual, scripts.accept);
    const time = new RealTime();
    const { clock, wheel } = time;
    const tls = { ca: ca.pem, verify: true, minVersion: 'TLSv1.2', sessionResumption: true, client: shared } as const;
    const access = new WorkerAccess(
      { tls, authConnections: 'own', followsResources: true, allowedHosts: [] },
      { links: new MqttJsLinkFactory({ clock, wheel }), clock, wheel, network: systemNetwork },
    );
    const fleet = new FleetAccess(access, shard, new Recorder(0, ['meters']).fleet(0));
    for (const index of [0, 1, 2, 0]) {
      const listener = new RecordingListener();
      const options = {
        endpoint: { host: '127.0.0.1', port: server.port },
        clientId: 'd',
        connection: { keepaliveSec: 0, clean: true, connectTimeoutUs: 5_000_000 },
        ...fleet.optionsOf(index, 0, roster.deviceAt(index)),
      };
      const link = fleet.links.open(options, listener);
      await listener.settled;
      expect(listener.calls).toEqual(['accepted']);
      await new Promise<void>((resolve) => link.end(resolve));
    }
    expect(server.clients.slice(0, 3)).toEqual(['own-of-d1', 'own-of-d2', 'shared']);
    expect(server.resumed).toEqual([false, false, false, true]);
    access.close();
    time.stop();
    await server.stop();
  });

  test('that cannot be used are the outcome of their devices alone', async () => {
    const encrypted = createPrivateKey(own.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      .toString();
    const other = await ca.sign('other');
    writeFileSync(join(folder, 'd1.der'), new X509Certificate(own.cert).raw);
    const rows = [
      'd1,s1,d1.pem,d1.key',
      'd2,s2,gone.pem,d1.key',
      `d3,s3,d1.pem,"${other.key}"`,
      'd4,s4,d1.der,d1.key',
      `d5,s5,d1.pem,"${encrypted}"`,
      'd6,s6,d1.pem,d1.pem',
      'd7,s7,d1.pem,d1.key',
    ];
    const path = join(folder, 'bad.csv');
    writeFileSync(path, `DeviceName,DeviceSecret,ClientCert,ClientKey\n${rows.join('\n')}\n`);
    const shard = shardOf(path, rows.length, { productKey: 'pk' });
    const roster = await rosterOf(shard, 1);
    const details = accessed(shard, undefined, (fleet) =>
      rows.map((_, index) => fleet.optionsOf(index, 0, roster.deviceAt(index)).unusable),
    );
    const detail = (fault: string): object => ({
      outcome: 'tls-failed',
      phase: 'tls',
      detail: `not sent, client certificate of the device: ${fault}`,
    });
    expect(details).toEqual([
      undefined,
      detail('ClientCert: no such file (not shown, as it may be a key)'),
      detail('the private key does not belong to the certificate'),
      detail('the certificate is DER, not PEM'),
      detail('the private key is encrypted, but no passphrase is given'),
      detail('the private key holds something else'),
      undefined,
    ]);
    const opened = accessed(shard, 'open sesame', (fleet) => fleet.optionsOf(4, 0, roster.deviceAt(4)));
    expect(opened).toMatchObject({ unusable: undefined, tls: { verify: false } });
    const plain = accessed({ ...shard, transport: 'tcp' }, undefined, (fleet) =>
      fleet.optionsOf(2, 0, roster.deviceAt(2)),
    );
    expect(plain).toMatchObject({ unusable: undefined, tls: undefined });
  });

  test('without their key, or in two columns, are faults of the file', async () => {
    const half = join(folder, 'half.csv');
    writeFileSync(half, 'DeviceName,DeviceSecret,ProductKey,ClientCert,ClientKey\nd1,s1,pk,d1.pem,\n');
    expect((await checkDeviceCsv(half)).faults).toMatchObject([{ line: 2, message: 'ClientKey is empty' }]);
    const twice = join(folder, 'twice.csv');
    writeFileSync(twice, 'DeviceName,DeviceSecret,ProductKey,ClientCert,ClientCert\nd1,s1,pk,a,b\n');
    expect((await checkDeviceCsv(twice)).faults).toMatchObject([
      { message: 'the column ClientCert appears here 2 times' },
    ]);
    await expect(readDeviceCsv(half, platformRules(undefined)).next()).rejects.toThrow(
      /half\.csv:2: ClientKey is empty/,
    );
  });
});
