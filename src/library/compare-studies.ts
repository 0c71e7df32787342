import { basename, resolve } from 'node:path';
import { readStudy } from '../archive/read-study.ts';
import { type ComparedStudy, type JudgedStudies, judgedStudies } from '../report/study/study-comparison.ts';
import { parsedScenario, readScenarioText } from '../results/folder/read-scenario.ts';
import type { CompareOptions } from './compare-runs.ts';
import { letterOf } from './letters.ts';

/**
 * Compares capacity searches, given by their folders, with the first of them, as `fleetstorm compare` does. By default the tolerance is
 * none: what the precisions of both searches allow is no difference anyway. Rejects if there are fewer than two, or if one is not a study
 * or cannot be read.
 */
export async function compareStudies(
  folders: readonly string[],
  { tolerance = 0 }: CompareOptions = {},
): Promise<JudgedStudies> {
  if (folders.length < 2) throw new Error('name the folders of at least two studies');
  return judgedStudies(await Promise.all(folders.map(readCompared)), tolerance);
}

async function readCompared(folder: string, index: number): Promise<ComparedStudy> {
  const read = await readStudy(folder);
  if (read === undefined) throw new Error(`${folder} is not a study`);
  if (!read.ok) throw new Error(read.fault);
  const scenario = parsedScenario(await readScenarioText(folder));
  return { letter: letterOf(index), name: basename(resolve(folder)), study: read.study, scenario };
}
