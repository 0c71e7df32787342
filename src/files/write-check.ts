import { randomBytes } from 'node:crypto';
import { constants, open as openFd } from 'node:fs';
import { access, open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { PART_ENDING } from './replace-file.ts';
import { fileCause, fileErrorCode } from './system-error.ts';
import { isLink, statsOf } from './what-is-there.ts';

/**
 * Why a file cannot be written, without changing it; undefined when it can. A pipe stays open until the process ends, or its reader would
 * take the end of this check for the end of the file.
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
    return isReaderless ? 'it is a pipe or socket without a reader' : fileCause(error);
  }
}

/** Permissions do not tell everything (quotas, read-only file systems), so a file is made and removed again. */
async function tryNewFile(path: string): Promise<void> {
  // A link to a file that does not exist yet is followed.
  if (await isLink(path)) return;
  const probe = `${path}.${randomBytes(4).toString('hex')}${PART_ENDING}`;
  await (await open(probe, 'wx')).close();
  await rm(probe);
}

const openDescriptor = promisify(openFd);

/** Without O_NONBLOCK, opening a pipe waits for a reader, in a thread that nothing can interrupt. */
async function holdPipe(path: string): Promise<void> {
  await openDescriptor(path, constants.O_WRONLY | constants.O_NONBLOCK);
}
