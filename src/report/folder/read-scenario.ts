import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './read-lines.ts';

/** The scenario of a finished run as it was really run, in YAML; undefined when its file is not there. Rejects when it cannot be read. */
export async function readScenarioText(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, 'scenario.yaml'), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
