import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivedSecret } from '../../../../src/device/identity.ts';
import type { RegistrySource } from '../../../../src/emulator/contract/config.ts';
import { openRegistry } from '../../../../src/emulator/login/registry.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function csv(text: string, productKey?: string): Promise<RegistrySource> {
  const path = join(folder, 'devices.csv');
  await writeFile(path, text);
  return { kind: 'csv', path, productKey };
}

describe('generated devices', () => {
  const source: RegistrySource = { kind: 'generated', productKey: 'pk', fleet: 'm-1', count: 1_000_000, seed: 42 };

  test.each(['m-1-000001', 'm-1-000999', 'm-1-1000000'])('%s is known by its derived secret', async (name) => {
    const registry = await openRegistry([source]);
    expect(registry.find('pk', name)?.deviceSecret).toBe(derivedSecret(42, 'pk', name));
  });

  test.each([
    ['pk', 'm-1-000000'],
    ['pk', 'm-1-1000001'],
    ['pk', 'm-1-1'],
    ['pk', 'm-1-0000001'],
    ['pk', 'm-1-1e3'],
    ['pk', 'm-1-'],
    ['pk', 'm-1- 00001'],
    ['pk', 'm-000001'],
    ['other', 'm-1-000001'],
  ])('%s/%s is unknown', async (productKey, name) => {
    expect((await openRegistry([source])).find(productKey, name)).toBeUndefined();
  });
});

describe('devices of a file', () => {
  test('the column LoginMode says how each may log in, the source for rows that say nothing', async () => {
    const text = 'DeviceName,DeviceSecret,loginmode\na,s,direct\nb,s, https-token \nc,s,both\nd,s,\n';
    for (const mode of [undefined, 'direct'] as const) {
      const source = { kind: 'csv', path: join(folder, 'devices.csv'), productKey: 'pk', mode } as const;
      await csv(text);
      const registry = await openRegistry([source]);
      const modes = ['a', 'b', 'c', 'd'].map((name) => registry.find('pk', name)?.mode);
      expect(modes).toEqual(['direct', 'https-token', 'both', mode ?? 'both']);
    }
  });

  test.each([
    ['pk,d1,s1,https', /:2: LoginMode is unknown/],
    ['pk,d1,s1,direct\npk,d1,s1,both', /:3: device d1 of product pk has another LoginMode in an earlier row; keep one/],
    ['pk,d1,s1,direct\npk,d1,s2,direct', /:3: device d1 of product pk has another secret in an earlier row; keep one/],
  ])('%j is a fault', async (rows, words) => {
    const source = await csv(`ProductKey,DeviceName,DeviceSecret,LoginMode\n${rows}\n`);
    await expect(openRegistry([source])).rejects.toThrow(words);
  });

  test('columns in any order, others ignored, BOM, blanks and blank lines', async () => {
    const text = '\uFEFFProductKey,Note, deviceSecret ,DeviceName\npk,x,s1,d1\n\np2,"a,b",s2,"d,2"\n';
    const registry = await openRegistry([await csv(text)]);
    expect(registry.find('pk', 'd1')?.deviceSecret).toBe('s1');
    expect(registry.find('p2', 'd,2')?.deviceSecret).toBe('s2');
    expect(registry.find('p2', 'd1')?.deviceSecret).toBeUndefined();
    expect(registry.find('constructor', 'name')?.deviceSecret).toBeUndefined();
  });

  test('the source names the product of rows that do not', async () => {
    const registry = await openRegistry([await csv('DeviceName,DeviceSecret\nd1,s1\n', 'pk')]);
    expect(registry.find('pk', 'd1')?.deviceSecret).toBe('s1');
  });

  test('a row may come twice with the same secret', async () => {
    const registry = await openRegistry([await csv('DeviceName,DeviceSecret,ProductKey\nd,s,p\nd,s,p\n')]);
    expect(registry.find('p', 'd')?.deviceSecret).toBe('s');
  });

  const HEADER = 'DeviceName,DeviceSecret,ProductKey\n';
  test.each([
    ['an empty file', '', 'devices.csv: the file is empty'],
    ['a missing column', 'DeviceName,Secret\n', 'devices.csv:1: the column DeviceSecret is missing'],
    ['an empty name', `${HEADER}a,TOPSECRET,p\n,TOPSECRET,p\n`, 'devices.csv:3: DeviceName is empty'],
    ['an empty secret', `${HEADER}a,,p\n`, 'devices.csv:2: DeviceSecret is empty'],
    ['no product', `${HEADER}a,TOPSECRET,\n`, 'devices.csv:2: ProductKey is empty'],
    ['an ampersand in the product', `${HEADER}a,TOPSECRET,p&q\n`, 'devices.csv:2: ProductKey holds "&"'],
    ['two secrets', `${HEADER}a,TOPSECRET,p\na,TOPSECRET2,p\n`, 'devices.csv:3: device a of product p has another'],
    ['a short row', `${HEADER}a,TOPSECRET\n`, 'devices.csv:2: 2 fields'],
    ['a broken quote', `${HEADER}a,"TOPSECRET"x,p\n`, 'devices.csv:2: not CSV'],
  ])('%s is a fault that says where and shows no secret', async (_what, text, words) => {
    const opened = openRegistry([await csv(text)]);
    await expect(opened).rejects.toMatchObject({ code: 'devices-file', message: expect.stringContaining(words) });
    await expect(opened).rejects.not.toMatchObject({ message: expect.stringContaining('TOPSECRET') });
  });

  test('a file that is not there is a fault', async () => {
    const opened = openRegistry([{ kind: 'csv', path: join(folder, 'none.csv') }]);
    await expect(opened).rejects.toMatchObject({
      message: expect.stringContaining('none.csv: no such file'),
    });
  });

  test('devices are registered for both ways to log in unless their source says otherwise', async () => {
    const direct = { kind: 'generated', productKey: 'p', fleet: 'a', count: 1, seed: 1, mode: 'direct' } as const;
    const registry = await openRegistry([direct, await csv(`${HEADER}b,s,p\n`)]);
    expect(registry.find('p', 'a-000001')?.mode).toBe('direct');
    expect(registry.find('p', 'b')?.mode).toBe('both');
  });

  test('the first source that knows a device answers', async () => {
    const generated = { kind: 'generated', productKey: 'p', fleet: 'a', count: 1, seed: 1 } as const;
    const file = await csv(`${HEADER}a-000001,own,p\nb,s,p\n`);
    expect((await openRegistry([file, generated])).find('p', 'a-000001')?.deviceSecret).toBe('own');
    expect((await openRegistry([generated, file])).find('p', 'b')?.deviceSecret).toBe('s');
  });
});
