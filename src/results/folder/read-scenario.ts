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

/** What the text says; undefined when there is none, or somebody has broken it: it only helps to say what was run. */
export function parsedScenario(yaml: string | undefined): unknown {
  if (yaml === undefined) return undefined;
  try {
    const document = parseDocument(yaml);
    return document.errors.length > 0 ? undefined : document.toJS();
  } catch (error) {
    // What the library says of too many aliases, of an alias without an anchor, and of nesting that the stack cannot hold.
    if (error instanceof ReferenceError || error instanceof RangeError) return undefined;
    throw error;
  }
}
