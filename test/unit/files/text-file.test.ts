import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NotRegularFileError } from '../../../src/files/regular-file.ts';
import { openTextFile } from '../../../src/files/text-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(bytes: Buffer): Promise<[encoding: string, text: string]> {
  const path = join(folder, 'text.csv');
  writeFileSync(path, bytes);
  const file = await openTextFile(path);
  const pieces: string[] = [];
  for await (const piece of file.pieces()) pieces.push(piece);
  return [file.encoding, pieces.join('')];
}

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
/** The characters of `设备,1` in GBK. */
const GBK = Buffer.from([0xc9, 0xe8, 0xb1, 0xb8, 0x2c, 0x31]);

describe('openTextFile', () => {
  it.each<[string, Buffer, string, string]>([
    ['nothing', Buffer.alloc(0), 'utf-8', ''],
    ['ASCII', Buffer.from('a,1'), 'utf-8', 'a,1'],
    ['UTF-8', Buffer.from('设备,1'), 'utf-8', '设备,1'],
    ['UTF-8 with a mark', Buffer.from('\uFEFF设备,1'), 'utf-8', '设备,1'],
    ['UTF-16 with a mark', Buffer.from('\uFEFF设备,1', 'utf16le'), 'utf-16le', '设备,1'],
    ['UTF-16 of the other order', swapped('\uFEFF设备,1'), 'utf-16be', '设备,1'],
    ['UTF-16 without a mark', Buffer.from('a,设备', 'utf16le'), 'utf-16le', 'a,设备'],
    ['UTF-16 of the other order without a mark', swapped('a,设备'), 'utf-16be', 'a,设备'],
    ['GBK', GBK, 'gb18030', '设备,1'],
    ['GB 18030 with a mark', Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), GBK]), 'gb18030', '设备,1'],
    ['GBK that ends in half a character', Buffer.concat([GBK, Buffer.from([0xc9])]), 'gb18030', '设备,1\uFFFD'],
    ['UTF-8 with a wrong byte', Buffer.from([...Buffer.from('设备'), 0xff]), 'utf-8', '设备\uFFFD'],
    ['UTF-8 that ends in half a character', Buffer.from('设备').subarray(0, 5), 'utf-8', '设\uFFFD'],
  ])('reads %s', async (_name, bytes, encoding, text) => {
    expect(await read(bytes)).toEqual([encoding, text]);
  });

  it('finds characters that go over the end of a piece', async () => {
    const text = `a${'设'.repeat(100_000)}`;
    expect(await read(Buffer.from(text))).toEqual(['utf-8', text]);
    const gbk = Buffer.concat([Buffer.from('a'), Buffer.concat(Array.from({ length: 50_000 }, () => GBK))]);
    expect(await read(gbk)).toEqual(['gb18030', `a${'设备,1'.repeat(50_000)}`]);
  });

  it('tells what can be read only once', async () => {
    await expect(openTextFile('/dev/null')).rejects.toThrow(NotRegularFileError);
  });
});
