import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { readRunKey } from '../../../../../src/host/agents/payload/read-run-key.ts';
import { RunKey } from '../../../../../src/host/agents/payload/run-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SECRET = randomBytes(32);
const TEXT = SECRET.toString('base64');

function fileOf(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

describe('a key', () => {
  it('is read from a file as openssl writes it, else from the environment', async () => {
    const id = new RunKey(SECRET).id('run');
    const path = fileOf('run.key', `${TEXT}\n`);
    const other = { FLEETSTORM_RUN_KEY: randomBytes(32).toString('base64') };
    expect((await readRunKey(path, other)).key?.id('run')).toBe(id);
    expect((await readRunKey(undefined, { FLEETSTORM_RUN_KEY: TEXT })).key?.id('run')).toBe(id);
    expect(await readRunKey(undefined, {})).toEqual({ key: undefined, warnings: [] });
    const wrapped = fileOf('wrapped.key', TEXT.replace(/.{16}/g, '$&\r\n'));
    expect((await readRunKey(wrapped, {})).key?.id('run')).toBe(id);
    const forAddresses = fileOf('url.key', SECRET.toString('base64url'));
    expect((await readRunKey(forAddresses, {})).key?.id('run')).toBe(id);
  });

  it('may come through a pipe', async () => {
    const pipe = spawn('sh', ['-c', `mkfifo ${folder}/pipe && echo ${TEXT} > ${folder}/pipe`]);
    await expect.poll(() => readRunKey(join(folder, 'pipe'), {}).then(({ warnings }) => warnings, String)).toEqual([]);
    pipe.kill();
  });

  it.each([
    ['', 'is empty'],
    ['   \n', 'is empty'],
    ['correct horse battery staple!', 'holds no key: expected base64 of at least 32 bytes'],
    [randomBytes(16).toString('base64'), 'base64 of 16 bytes, and at least 32 are needed'],
    ['A'.repeat(8_000), 'is too long for a key'],
  ])('is refused in words that repeat nothing of it: it %#', async (text, words) => {
    const path = fileOf('bad.key', text);
    const refusal = await readRunKey(path, {}).then(() => '', String);
    expect(refusal).toContain(words);
    expect(refusal).toContain(path);
    expect(refusal).toContain('openssl rand -base64 32');
    if (text.trim() !== '') expect(refusal).not.toContain(text);
  });

  it('is refused by the name of its variable, too', async () => {
    await expect(readRunKey(undefined, { FLEETSTORM_RUN_KEY: 'abc' })).rejects.toThrow(
      'the key in FLEETSTORM_RUN_KEY is too short: base64 of 2 bytes',
    );
  });

  it('is missed in words', async () => {
    await expect(readRunKey(join(folder, 'gone.key'), {})).rejects.toThrow(/gone\.key: no such file; expected a file/);
    await expect(readRunKey(folder, {})).rejects.toThrow(/this is a folder, not a file/);
  });

  it('that others can read is warned of', async () => {
    const path = fileOf('open.key', TEXT, 0o644);
    expect((await readRunKey(path, {})).warnings).toEqual([
      `${path} can be read by other users of this machine: chmod 600 ${path}`,
    ]);
    expect((await readRunKey(fileOf('own.key', TEXT), {})).warnings).toEqual([]);
  });

  it('prints as nothing of itself', () => {
    const key = new RunKey(SECRET);
    for (const shown of [inspect(key, { depth: 9, showHidden: true }), JSON.stringify(key), String(key)]) {
      expect(shown).not.toContain(TEXT);
      expect(shown).not.toContain(SECRET.toString('hex'));
    }
  });

  it('seals anew each time, for one run alone', () => {
    const key = new RunKey(SECRET);
    const bound = Buffer.from('bound');
    const plain = Buffer.from('plain');
    const sealed = key.seal('run-1', plain, bound);
    expect(key.open('run-1', sealed, bound)).toEqual(plain);
    expect(key.seal('run-1', plain, bound).iv).not.toEqual(sealed.iv);
    expect(key.open('run-2', sealed, bound)).toBeUndefined();
    expect(key.open('run-1', sealed, Buffer.from('other'))).toBeUndefined();
    expect(new RunKey(randomBytes(32)).open('run-1', sealed, bound)).toBeUndefined();
    // A shorter tag would be easier to guess.
    expect(key.open('run-1', { ...sealed, tag: sealed.tag.subarray(0, 8) }, bound)).toBeUndefined();
    expect(key.id('run-1')).not.toBe(key.id('run-2'));
  });
});
