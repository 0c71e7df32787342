import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Composer, Parser } from 'yaml';
import { offsetBelowMaxDepth } from '../../text/yaml-depth.ts';
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
  const tokens = [...new Parser().parse(yaml)];
  if (tokens.some((token) => offsetBelowMaxDepth(token) !== undefined)) return undefined;
  const [document, second] = [...new Composer().compose(tokens)];
  if (document === undefined || second !== undefined || document.errors.length > 0) return undefined;
  try {
    return document.toJS();
  } catch (error) {
    // The library throws these for too many aliases, and for an alias without an anchor.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}
