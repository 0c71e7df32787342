import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { fileErrorCode } from './system-error.ts';

/** What a path leads to, links followed; undefined when nothing is there. */
export async function statsOf(path: string): Promise<Stats | undefined> {
  return await unlessMissing(stat(path));
}

/** True for a link, whether or not it leads anywhere. */
export async function isLink(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path)))?.isSymbolicLink() === true;
}

async function unlessMissing(stats: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await stats;
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
