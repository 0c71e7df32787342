import { randomBytes } from 'node:crypto';
import { access, constants, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { fileErrorCode } from './system-error.ts';
import { isLink, statsOf } from './what-is-there.ts';

/** Ending of a temporary file that is being written. */
export const PART_ENDING = '.part';

/** Writes a text to a file, which appears complete or not at all. Rejects with the system's error, leaving nothing behind. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await replaceFileBy(path, (part) => writeFile(part, text));
}

/**
 * The same for what is written piece by piece: `write` gets the path to write to. Devices, pipes, and files in a folder that takes no new
 * ones are written in place.
 */
export async function replaceFileBy(path: string, write: (path: string) => Promise<void>): Promise<void> {
  const target = await replaceable(path);
  if (target === undefined) {
    await write(path);
    return;
  }
  const part = `${target}.${randomBytes(4).toString('hex')}${PART_ENDING}`;
  try {
    await write(part);
    await rename(part, target);
  } catch (error) {
    await removeQuietly(part);
    if (!(await isLastWay(error, target))) throw error;
    await write(target);
  }
}

/** The file that a rename may replace, links followed; undefined: it must be written in place. */
async function replaceable(path: string): Promise<string | undefined> {
  const there = await statsOf(path);
  if (there !== undefined) return there.isFile() ? await realpath(path) : undefined;
  return (await isLink(path)) ? undefined : path;
}

const NO_NEW_FILES: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** The folder takes no new file, but this one exists and may be written. */
async function isLastWay(error: unknown, target: string): Promise<boolean> {
  if (!NO_NEW_FILES.has(fileErrorCode(error))) return false;
  try {
    await access(target, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first error is the one to report, not that the remains could not be removed. */
async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}
