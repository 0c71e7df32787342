import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fleet } from '../../../../../src/device/fleet.ts';
import { rosterOf } from '../../../../../src/fleet/fleet-roster.ts';
import type { FleetShard, PlannedShard } from '../../../../../src/fleet/protocol.ts';
import { dealLists } from '../../../../../src/host/agents/payload/deal-lists.ts';
import { withListFiles } from '../../../../../src/host/agents/payload/list-file.ts';
import { devicesIn } from '../../../../../src/plan/split.ts';
import { plainShare, planOf } from '../../../../fixtures/agents/agent-shares.ts';
import { plainFleet } from '../../../../fixtures/plain-fleet.ts';

const root = mkdtempSync(join(tmpdir(), 'fleetstorm-lists-'));
afterAll(() => rmSync(root, { recursive: true }));

const CERT = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nBB\n-----END PRIVATE KEY-----';

function listOf(name: string, rows: readonly string[], header = 'DeviceName,DeviceSecret,ProductKey'): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${header}\n${rows.join('\n')}\n`);
  return path;
}

function fleetOf(path: string, count: number, special: Partial<Fleet> = {}): Fleet {
  return plainFleet({ productKey: undefined, devices: { kind: 'csv', path, count }, ...special });
}

/** Plans of workers that hold these of each `step` devices of every fleet. */
function plansOf(fleets: readonly Fleet[], step: number, ...offsets: readonly number[][]): PlannedShard[] {
  return offsets.map((own, worker) =>
    planOf(
      fleets.map((fleet) => ({ fleet, share: { offsets: own, step } })),
      { worker },
    ),
  );
}

const DEVICES = Array.from({ length: 10 }, (_, index) => `d${index},s${index},pk`);
const NAMED = listOf('named/meters.csv', DEVICES);

function names(plan: PlannedShard | undefined, fleet = 0): string[] | undefined {
  return plan?.fleets[fleet]?.rows?.map(({ deviceName }) => deviceName);
}

describe('device lists', () => {
  it('are dealt out row by row: each agent gets its own, in their order', async () => {
    const [a, b, c] = plansOf([fleetOf(NAMED, 10)], 4, [0, 3], [1], [2]);
    if (a === undefined || b === undefined || c === undefined) throw new Error('no plans');
    const { shares, files } = await dealLists([[a], [b, c]]);
    expect(files).toEqual([]);
    expect(names(shares[0]?.[0])).toEqual(['d0', 'd3', 'd4', 'd7', 'd8']);
    expect(names(shares[1]?.[0])).toEqual(['d1', 'd5', 'd9']);
    expect(names(shares[1]?.[1])).toEqual(['d2', 'd6']);
    expect(JSON.stringify(shares[0])).not.toMatch(/"[ds][12569]"/);
    expect(JSON.stringify(shares)).not.toContain(root);
  });

  it('give workers the devices that they would have read themselves', async () => {
    const plans = plansOf([fleetOf(NAMED, 10), plainFleet({ name: 'others' })], 3, [0, 2], [1]);
    const { shares } = await dealLists([plans]);
    for (const [worker, plan] of plans.entries()) {
      const [before, after] = [plan.fleets[0], shares[0]?.[worker]?.fleets[0]];
      if (before === undefined || after === undefined) throw new Error('no shard');
      const [read, given] = [await rosterOf(before, 1), await rosterOf(after, 1)];
      for (const index of devicesIn(before.share, 10)) expect(given.deviceAt(index)).toEqual(read.deviceAt(index));
      expect(() => given.deviceAt(worker === 0 ? 1 : 0)).toThrow(RangeError);
      expect(shares[0]?.[worker]?.fleets[1]).not.toHaveProperty('rows');
    }
  });

  it('leave out what no login uses', async () => {
    const auth = { mode: 'password', clientId: `\${deviceName}`, username: `\${column:site}` } as const;
    const header = 'DeviceName,DeviceSecret,Site,ClientCert,ClientKey';
    const path = listOf('full.csv', [`d0,s0,berlin,"${CERT}","${KEY}"`], header);
    const rowOf = async (special: Partial<Fleet>, transport: FleetShard['transport']): Promise<unknown> => {
      const plan = planOf([{ fleet: fleetOf(path, 1, { productKey: 'pk', ...special }), transport }]);
      return (await dealLists([[plan]])).shares[0]?.[0]?.fleets[0]?.rows?.[0];
    };
    const bare = { productKey: 'pk', deviceName: 'd0', deviceSecret: '', columns: ['berlin'] };
    expect(await rowOf({ auth }, 'tcp')).toEqual(bare);
    expect(await rowOf({ auth }, 'tls')).toEqual({ ...bare, certificate: { cert: CERT, key: KEY } });
    const signed = { productKey: 'pk', deviceName: 'd0', deviceSecret: 's0' };
    expect(await rowOf({}, 'tcp')).toEqual(signed);
    const withSecret = { ...auth, password: `\${deviceSecret}` };
    expect(await rowOf({ auth: withSecret }, 'tcp')).toEqual({ ...bare, deviceSecret: 's0' });
  });

  it('carry certificates that rows name, and say which cannot be read', async () => {
    writeFileSync(join(root, 'd0.pem'), CERT);
    writeFileSync(join(root, 'd0.key'), KEY);
    const header = 'DeviceName,DeviceSecret,ProductKey,ClientCert,ClientKey';
    const path = listOf('paths.csv', ['d0,s,pk,d0.pem,d0.key', 'd1,s,pk,gone.pem,d0.key'], header);
    const { shares } = await dealLists([[planOf([{ fleet: fleetOf(path, 2), transport: 'tls' }])]]);
    expect(shares[0]?.[0]?.fleets[0]?.rows).toMatchObject([
      { certificate: { cert: CERT, key: KEY } },
      { certificateFault: 'ClientCert: no such file (not shown, as it may be a key)' },
    ]);
  });

  it('that were changed since they were checked are refused', async () => {
    await expect(dealLists([plansOf([fleetOf(NAMED, 11)], 1, [0])])).rejects.toThrow(
      `${NAMED} was changed since the scenario was checked: 10 devices instead of 11`,
    );
  });
});

describe('a list that is too large to send', () => {
  const rowBytes = JSON.stringify({ productKey: 'pk', deviceName: 'd0', deviceSecret: 's0' }).length;
  const sha256 = createHash('sha256').update(readFileSync(NAMED)).digest('hex');
  const file = { name: 'meters.csv', bytes: readFileSync(NAMED).length, sha256 };

  it.each([
    ['for one share', { perShare: 5 * rowBytes, perRun: 10 * rowBytes }, true],
    ['for one share', { perShare: 5 * rowBytes - 1, perRun: 10 * rowBytes }, false],
    ['for a run', { perShare: 5 * rowBytes, perRun: 10 * rowBytes - 1 }, false],
  ])('%s is told by its name and sum %#', async (_, limits, fits) => {
    const plans = plansOf([fleetOf(NAMED, 10)], 2, [0], [1]);
    const { shares, files } = await dealLists(
      plans.map((plan) => [plan]),
      limits,
    );
    expect(files).toEqual(fits ? [] : [file]);
    expect(names(shares[0]?.[0])?.length).toBe(fits ? 5 : undefined);
    expect(JSON.stringify(shares)).not.toContain(root);
  });

  it('leaves its room to smaller ones', async () => {
    const small = listOf('small.csv', ['x,s,pk']);
    const fleets = [fleetOf(NAMED, 10), fleetOf(small, 1, { name: 'small' })];
    const { shares, files } = await dealLists([plansOf(fleets, 1, [0])], { perShare: 100, perRun: 100 });
    expect(files).toEqual([file]);
    expect(names(shares[0]?.[0], 1)).toEqual(['x']);
  });

  it('cannot name files of certificates, which nobody would check', async () => {
    const header = 'DeviceName,DeviceSecret,ProductKey,ClientCert,ClientKey';
    const rows = [`d0,s,pk,"${CERT}","${KEY}"`, 'd1,s,pk,d0.pem,d0.key'];
    const path = listOf('certs.csv', rows, header);
    const deal = (transport: FleetShard['transport']): Promise<unknown> =>
      dealLists([[planOf([{ fleet: fleetOf(path, 2), transport }])]], { perShare: 1, perRun: 1 });
    await expect(deal('tls')).rejects.toThrow(/certs\.csv:7: names files of a certificate, .* put the PEM itself/);
    await expect(deal('tcp')).resolves.toBeDefined();
  });

  it('cannot have the name of another one', async () => {
    const other = listOf('other/meters.csv', ['d0,other,pk']);
    const fleets = [fleetOf(NAMED, 10), fleetOf(NAMED, 10, { name: 'same' }), fleetOf(other, 1, { name: 'other' })];
    await expect(dealLists([plansOf(fleets.slice(0, 2), 1, [0])], { perShare: 1, perRun: 1 })).resolves.toMatchObject({
      files: [file],
    });
    await expect(dealLists([plansOf(fleets, 1, [0])], { perShare: 1, perRun: 1 })).rejects.toThrow(
      /two lists that are too large to send are both called meters\.csv/,
    );
  });

  it('is found by the agent in its own folder, and checked', async () => {
    const { shares, files } = await dealLists([plansOf([fleetOf(NAMED, 10)], 2, [1])], { perShare: 1, perRun: 1 });
    const share = plainShare({ plans: shares[0] ?? [], files });
    const found = await withListFiles(share, join(root, 'named'));
    const [shard] = found.plans[0]?.fleets ?? [];
    if (shard === undefined) throw new Error('no shard');
    expect((await rosterOf(shard, 1)).deviceAt(3)).toMatchObject({ deviceName: 'd3', deviceSecret: 's3' });
    expect(await withListFiles(plainShare(), undefined)).toEqual(plainShare());
  });

  it.each([
    ['no folder', undefined, /^meters\.csv \(1 MiB\) is too large to be sent, .* start it with --data DIR$/],
    ['no such list', root, /meters\.csv: no such file; the list is too large to be sent, so copy it there$/],
    [
      'another list',
      join(root, 'other'),
      /is not the list of this run: SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}; copy/,
    ],
    ['a link out of it', join(root, 'linked'), /meters\.csv leads out of .*linked: put the file itself there$/],
  ])('is refused where there is %s', async (_, folder, words) => {
    listOf('other/meters.csv', ['d0,other,pk']);
    mkdirSync(join(root, 'linked'), { recursive: true });
    if (folder?.endsWith('linked') === true) symlinkSync(NAMED, join(folder, 'meters.csv'));
    const share = plainShare({ files: [file] });
    await expect(withListFiles(share, folder)).rejects.toThrow(words);
  });

  it('may be a link within the folder, as Kubernetes mounts volumes', async () => {
    const folder = join(root, 'mounted');
    mkdirSync(join(folder, '..data'), { recursive: true });
    writeFileSync(join(folder, '..data', 'meters.csv'), readFileSync(NAMED));
    symlinkSync(join('..data', 'meters.csv'), join(folder, 'meters.csv'));
    await expect(withListFiles(plainShare({ files: [file] }), folder)).resolves.toBeDefined();
  });
});
