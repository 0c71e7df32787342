import { replaceFile } from '../../files/replace-file.ts';
import { fileCause, isFileError } from '../../files/system-error.ts';
import { parsedScenario, readScenarioText } from '../../results/folder/read-scenario.ts';
import type { Io } from '../io/io.ts';

/** A, B, ... Z, then by number. */
export function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode('A'.charCodeAt(0) + index) : String(index + 1);
}

/** What was really played, of a result folder. Undefined when it cannot be read: it only helps to say what differs. */
export async function playedScenario(io: Pick<Io, 'stderr'>, dir: string): Promise<unknown> {
  try {
    return parsedScenario(await readScenarioText(dir));
  } catch (error) {
    if (!isFileError(error)) throw error;
    io.stderr.write(`${dir}/scenario.yaml cannot be read: ${fileCause(error)}\n`);
    return undefined;
  }
}

/** Writes a page and says so; false, with the reason, if that was not possible. */
export async function pageWritten(io: Pick<Io, 'stderr'>, path: string, page: () => Promise<string>): Promise<boolean> {
  try {
    await replaceFile(path, await page());
    io.stderr.write(`Wrote ${path}\n`);
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    io.stderr.write(`${path} could not be written: ${fileCause(error)}\n`);
    return false;
  }
}
