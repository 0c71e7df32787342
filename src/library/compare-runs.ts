import { basename, resolve } from 'node:path';
import { readSummary } from '../archive/read-summary.ts';
import { type ComparedRun, compareRuns as compared } from '../report/compare/comparison.ts';
import { DEFAULT_TOLERANCE, type JudgedComparison, judged } from '../report/compare/judgement.ts';
import { parsedScenario, readScenarioText } from '../results/folder/read-scenario.ts';

/** How runs are compared. */
export interface CompareOptions {
  /** What may change before it is called better or worse, as a share; 0.25 unless told otherwise. */
  readonly tolerance?: number | undefined;
}

/**
 * Sets finished runs, named by their folders, beside the first of them, as `fleetstorm compare` does. Rejects when there are fewer than two,
 * or the files of one cannot be read.
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

/** A, B, ... Z, then by number. */
function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode('A'.charCodeAt(0) + index) : String(index + 1);
}
