import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileErrorCode } from './cause.ts';

/**
 * Makes a folder and those above it, as far as they are missing. Rejects with the system's error when one cannot be made. Node's own
 * recursive `mkdir` never ends where making a folder says that there is no such folder, as below /proc.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isFolder(at)); at = dirname(at)) missing.push(at);
  for (const folder of missing.reverse()) await makeOne(folder, mode);
}

/** Somebody else may make it at the same time. */
async function makeOne(folder: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

/** True when it is a folder, false when nothing is there. Rejects when something else is. */
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
