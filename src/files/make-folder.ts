import { access, constants, mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileCause, fileErrorCode, isFileError } from './system-error.ts';

/**
 * Makes a folder and missing ones above it; resolves to those it made, the outermost first. Rejects with the system's error when one cannot
 * be made. Node's own recursive `mkdir` never ends where making a folder fails with ENOENT, as below /proc.
 */
export async function makeFolder(path: string, mode?: number): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isFolder(at)); at = dirname(at)) missing.push(at);
  missing.reverse();
  for (const folder of missing) await makeOne(folder, mode);
  return missing;
}

/**
 * Why files cannot be put into a folder, or the folder cannot be made, as far as permissions tell; undefined if nothing speaks against it.
 * Checking changes nothing.
 */
export async function makeFault(path: string): Promise<string | undefined> {
  try {
    let at = resolve(path);
    while (!(await isFolder(at))) at = dirname(at);
    await access(at, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (!isFileError(error)) throw error;
    return fileCause(error);
  }
}

/** Removes folders that were made for nothing, given outermost first; those that are not empty stay, and those above them. */
export async function removeEmptyFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (isFileError(error)) return;
      throw error;
    }
  }
}

/** Another process may make it at the same time. */
async function makeOne(folder: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

/** True when it is a folder, false when nothing is there. Rejects for anything else. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
  throw Object.assign(new Error(`ENOTDIR: ${path} is not a folder`), { code: 'ENOTDIR', syscall: 'mkdir', path });
}
