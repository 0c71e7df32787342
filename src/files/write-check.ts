import { randomBytes } from 'node:crypto';
import { constants, open as openFd } from 'node:fs';
import { access, open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fileCause, fileErrorCode } from './cause.ts';
import { PART_ENDING } from './replace-file.ts';
import { isLink, statsOf } from './what-is-there.ts';

/**
 * Why a file cannot be written, found out without changing it; undefined when it can. A pipe is held open until the process ends: its
 * reader would take the end of this look for the end of the file.
 */
export async function writeFault(path: string): Promise<string | undefined> {
  try {
    const there = await statsOf(path);
    if (there === undefined) await tryNewFile(path);
    else if (there.isDirectory()) return 'it is a folder';
    else if (there.isFIFO()) await holdPipe(path);
    else if (there.isFile()) await (await open(path, 'r+')).close();
    else await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    const isReaderless = fileErrorCode(error) === 'ENXIO';
    return isReaderless ? 'it is a pipe or socket that nobody reads' : fileCause(error);
  }
}

/** Rights do not tell everything (quotas, file systems that take no files): one is made and taken away again. */
async function tryNewFile(path: string): Promise<void> {
  // A link to a file that is not there yet is written through.
  if (await isLink(path)) return;
  const probe = `${path}.${randomBytes(4).toString('hex')}${PART_ENDING}`;
  await (await open(probe, 'wx')).close();
  await rm(probe);
}

const openDescriptor = promisify(openFd);

/** Without O_NONBLOCK, opening a pipe waits for a reader, in a thread that nothing can call back. */
async function holdPipe(path: string): Promise<void> {
  await openDescriptor(path, constants.O_WRONLY | constants.O_NONBLOCK);
}
