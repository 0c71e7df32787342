import { basename, resolve } from 'node:path';
import { readSummary } from '../archive/read-summary.ts';
import { type ComparedRun, compareRuns as compared } from '../report/compare/comparison.ts';
import { DEFAULT_TOLERANCE, type JudgedComparison, judged } from '../report/compare/judgement.ts';
import { parsedScenario, readScenarioText } from '../results/folder/read-scenario.ts';
import { letterOf } from './letters.ts';

/** How runs are compared. */
export interface CompareOptions {
  /** How much a figure may change, as a share, before it counts as better or worse; 0.25 by default, of studies 0. */
  readonly tolerance?: number | undefined;
}

/**
 * Compares finished runs, given by their folders, with the first of them, as `fleetstorm compare` does. Rejects if there are fewer than
 * two, or if the files of one cannot be read.
 */
export async function compareRuns(
  folders: readonly string[],
  { tolerance = DEFAULT_TOLERANCE }: CompareOptions = {},
): Promise<JudgedComparison> {
  if (folders.length < 2) throw new Error('name the folders of at least two runs');
  return judged(compared(await Promise.all(folders.map(readRun))), tolerance);
}

async function readRun(folder: string, index: number): Promise<ComparedRun> {
  const read = await readSummary(folder);
  if (!read.ok) throw new Error(read.fault);
  const scenario = parsedScenario(await readScenarioText(folder));
  return { letter: letterOf(index), name: basename(resolve(folder)), summary: read.summary, scenario };
}
