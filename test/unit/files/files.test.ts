import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, removeEmptyFolders } from '../../../src/files/make-folder.ts';
import { replaceFile, replaceFileBy } from '../../../src/files/replace-file.ts';
import { isSameFile } from '../../../src/files/same-file.ts';
import { fileCause } from '../../../src/files/system-error.ts';
import { writeFault } from '../../../src/files/write-check.ts';

let dir: string;
const at = (...names: string[]): string => join(dir, ...names);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-files-'));
});
afterEach(() => rm(dir, { recursive: true }));

function pipeAt(path: string): void {
  execFileSync('mkfifo', [path]);
}

describe('makeFolder', () => {
  it('makes what is missing, and leaves what is there', async () => {
    await makeFolder(at('a', 'b', 'c'));
    await writeFile(at('a', 'b', 'kept'), 'x');
    await makeFolder(at('a', 'b', 'c', 'd'));
    expect((await stat(at('a', 'b', 'c', 'd'))).isDirectory()).toBe(true);
    expect(await readFile(at('a', 'b', 'kept'), 'utf8')).toBe('x');
  });

  it('tells what it made, which can be taken away as long as nothing is in it', async () => {
    await makeFolder(at('a'));
    const made = await makeFolder(at('a', 'b', 'c'));
    expect(made).toEqual([at('a', 'b'), at('a', 'b', 'c')]);
    await writeFile(at('a', 'b', 'new'), '');
    await removeEmptyFolders(made);
    expect(await readdir(at('a', 'b'))).toEqual(['new']);
    await rm(at('a', 'b', 'new'));
    await removeEmptyFolders([at('a', 'b')]);
    expect(await readdir(dir)).toEqual(['a']);
  });

  it('may be called by several at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(at('x', 'y', 'z'))));
    expect((await stat(at('x', 'y', 'z'))).isDirectory()).toBe(true);
  });

  it('says what is in the way', async () => {
    await writeFile(at('file'), '');
    await expect(makeFolder(at('file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(at('file'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await symlink(at('nowhere'), at('dangling'));
    await expect(makeFolder(at('dangling'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.runIf(platform() === 'linux')('ends below /proc, where no folder can be made', async () => {
    await expect(makeFolder('/proc/nope/deeper')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('replaceFile', () => {
  it('writes a new file and takes the place of an old one, and leaves nothing beside it', async () => {
    await replaceFile(at('a'), 'first');
    await replaceFile(at('a'), 'second');
    expect(await readFile(at('a'), 'utf8')).toBe('second');
    expect(await readdir(dir)).toEqual(['a']);
  });

  it('leaves the old file, and nothing else, when writing fails', async () => {
    await writeFile(at('a'), 'old');
    const failing = replaceFileBy(at('a'), async (path) => {
      await writeFile(path, 'half');
      throw new Error('no space left on device');
    });
    await expect(failing).rejects.toThrow('no space left on device');
    expect(await readFile(at('a'), 'utf8')).toBe('old');
    expect(await readdir(dir)).toEqual(['a']);
  });

  it('follows a link, to what is there and to what is not', async () => {
    await writeFile(at('real'), 'old');
    await symlink(at('real'), at('link'));
    await symlink(at('later'), at('dangling'));
    await replaceFile(at('link'), 'new');
    await replaceFile(at('dangling'), 'new');
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
    expect([await readFile(at('real'), 'utf8'), await readFile(at('later'), 'utf8')]).toEqual(['new', 'new']);
  });

  it('writes into a pipe, and does not put a file in its place', async () => {
    pipeAt(at('pipe'));
    const reader = await open(at('pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
    await replaceFile(at('pipe'), 'words');
    expect((await reader.read(Buffer.alloc(5), 0, 5)).buffer.toString()).toBe('words');
    await reader.close();
    expect((await lstat(at('pipe'))).isFIFO()).toBe(true);
  });

  it('says why a folder cannot be written, without the name of the file aside', async () => {
    await mkdir(at('folder'));
    const error: unknown = await replaceFile(at('folder'), 'x').catch((caught: unknown) => caught);
    expect(fileCause(error)).toBe('EISDIR: illegal operation on a directory');
    const missing: unknown = await replaceFile(at('no', 'file'), 'x').catch((caught: unknown) => caught);
    expect(fileCause(missing)).toBe('ENOENT: no such file or directory');
  });
});

/** A user without rights. */
const NOBODY = 65_534;

describe('writeFault', () => {
  it('finds nothing wrong with a file that can be written, and changes nothing', async () => {
    await writeFile(at('old'), 'old');
    await symlink(at('later'), at('dangling'));
    expect([await writeFault(at('old')), await writeFault(at('new')), await writeFault(at('dangling'))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await readdir(dir)).sort()).toEqual(['dangling', 'old']);
    expect(await readFile(at('old'), 'utf8')).toBe('old');
  });

  it('names what cannot be written', async () => {
    expect(await writeFault(dir)).toBe('it is a folder');
    expect(await writeFault(at('no', 'file'))).toBe('ENOENT: no such file or directory');
    await writeFile(at('file'), '');
    expect(await writeFault(at('file', 'below'))).toBe('ENOTDIR: not a directory');
  });

  it('refuses a pipe that nobody reads, and does not wait for it', async () => {
    pipeAt(at('pipe'));
    expect(await writeFault(at('pipe'))).toBe('it is a pipe or socket without a reader');
  });

  it('does not end the reading of a pipe', async () => {
    pipeAt(at('pipe'));
    const reader = await open(at('pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
    expect(await writeFault(at('pipe'))).toBeUndefined();
    // Nothing to read yet, which is not the end of the file.
    await expect(reader.read(Buffer.alloc(1), 0, 1)).rejects.toMatchObject({ code: 'EAGAIN' });
    await reader.close();
  });

  it.runIf(platform() === 'linux')('tries the file system, not its rights alone', async () => {
    expect(await writeFault('/proc/nope')).toMatch(/^ENOENT|^EACCES/);
  });

  it('finds a folder that takes no files', async () => {
    await chmod(dir, 0o500);
    // Rights mean nothing to root.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    const fault = await writeFault(at('new'));
    if (isRoot) process.seteuid?.(0);
    await chmod(dir, 0o700);
    expect(fault).toBe('EACCES: permission denied');
  });
});

describe('isSameFile', () => {
  it('sees through names, links and hard links', async () => {
    await writeFile(at('file'), '');
    await symlink(at('file'), at('link'));
    await link(at('file'), at('hard'));
    await mkdir(at('sub'));
    for (const other of ['file', 'link', 'hard', join('sub', '..', 'file')]) {
      expect(await isSameFile(at('file'), `${dir}/${other}`)).toBe(true);
    }
    await writeFile(at('other'), '');
    expect(await isSameFile(at('file'), at('other'))).toBe(false);
  });

  it('knows files that are not there yet, and lets devices be written by several', async () => {
    await symlink(dir, at('self'));
    expect(await isSameFile(at('new'), at('self', 'new'))).toBe(true);
    expect(await isSameFile(at('new'), at('newer'))).toBe(false);
    expect(await isSameFile('/dev/null', '/dev/null')).toBe(false);
  });
});
