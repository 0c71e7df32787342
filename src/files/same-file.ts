import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isFileError } from './system-error.ts';

/** True when both paths lead to one regular file, or would once it is made, even by links, hard links and `..`. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([identityOf(one), identityOf(other)]);
  return a !== undefined && a === b;
}

/** Undefined for devices, pipes and folders: several may write there. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
  } catch (error) {
    if (!isFileError(error)) throw error;
    return join(await realFolder(dirname(resolve(path))), basename(path));
  }
}

async function realFolder(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return path;
  }
}
