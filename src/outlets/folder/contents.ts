import { readdir, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { PART_ENDING } from '../../files/replace-file.ts';
import { fileCause, fileErrorCode } from '../../files/system-error.ts';

/** The files that a run writes; the last one only if it is a share that is played apart. */
export const RUN_FILES = [
  'summary.json',
  'timeline.ndjson',
  'latency.hlog',
  'report.html',
  'scenario.yaml',
  'share.ndjson',
] as const;
/** Tables that are made from those, or from a study. */
const EXPORTED_FILES = [
  ...['timeline.csv', 'addresses.csv', 'distributions.csv', 'never-online.csv'],
  ...['holds.csv', 'windows.csv'],
];
/** A folder that contains one of these is the folder of a run. */
const MARKS = ['summary.json', 'timeline.ndjson', 'share.ndjson'];
/** Files of an earlier run that must not be left next to those of this one; the others are overwritten right away. */
const STALE_FILES = ['summary.json', 'report.html', 'share.ndjson', ...EXPORTED_FILES];

/** How many names of foreign files to list. */
const NAMES_SHOWN = 3;

/**
 * Why results must not be written into a folder; undefined if they may be, because it does not exist, is empty, or holds only the results
 * of an earlier run. `beside`: files that this run itself writes, wherever they are.
 */
export async function folderFault(path: string, beside: readonly string[] = []): Promise<string | undefined> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    return fileErrorCode(error) === 'ENOENT' ? undefined : fileCause(error);
  }
  const own = new Set<string>([...RUN_FILES, ...EXPORTED_FILES, ...namesInside(path, beside)]);
  // Hidden files (.gitignore) are not results; none of ours has such a name.
  const visible = names.filter((name) => !name.startsWith('.'));
  const foreign = visible.filter((name) => !own.has(name) && !isPart(name));
  if (foreign.length > 0) return `it holds ${listed(foreign)}, which no run writes there`;
  const results = visible.filter((name) => (RUN_FILES as readonly string[]).includes(name));
  const isRun = results.length === 0 || MARKS.some((mark) => results.includes(mark));
  return isRun ? undefined : `it holds ${listed(results)} and no other result of a run`;
}

/** Removes files of an earlier run that this one might not overwrite. Rejects if a file cannot be removed. */
export async function clearResults(path: string): Promise<void> {
  const names = await readdir(path);
  for (const name of names) {
    if (STALE_FILES.includes(name) || isPart(name)) await removeFile(join(path, name));
  }
}

/** A folder in the place of a file is left alone; writing that file will report it. */
async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    if (fileErrorCode(error) !== 'ERR_FS_EISDIR') throw error;
  }
}

function namesInside(folder: string, paths: readonly string[]): string[] {
  return paths.filter((path) => relative(folder, path) === basename(path)).map((path) => basename(path));
}

/** True for a temporary file that a killed run left behind. */
function isPart(name: string): boolean {
  return name.endsWith(PART_ENDING) && [...RUN_FILES, ...EXPORTED_FILES].some((file) => name.startsWith(`${file}.`));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}
