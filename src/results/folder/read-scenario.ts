import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
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

/** The parsed text; undefined if there is none or it is damaged, since it only serves to describe the run. */
export function parsedScenario(yaml: string | undefined): unknown {
  if (yaml === undefined) return undefined;
  try {
    const document = parseDocument(yaml);
    return document.errors.length > 0 ? undefined : document.toJS();
  } catch (error) {
    // The library throws these for too many aliases, an alias without an anchor, and nesting too deep for the stack.
    if (error instanceof ReferenceError || error instanceof RangeError) return undefined;
    throw error;
  }
}
