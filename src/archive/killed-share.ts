import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../results/folder/read-lines.ts';
import { SHARE_RECORD_FILE, type ShareResult, shareSchema } from '../results/share-result.ts';

/** Which share a folder is of, as the first line of its record says; undefined if it is none. */
export async function killedShare(folder: string): Promise<ShareResult | undefined> {
  const first = await firstLine(join(folder, SHARE_RECORD_FILE));
  try {
    const { index, of, plannedStart }: Partial<Record<string, unknown>> = Object(JSON.parse(first ?? 'null'));
    return shareSchema.safeParse({ index, of, ...(plannedStart === undefined ? {} : { plannedStart }) }).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function firstLine(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    for await (const line of file.readLines()) return line;
    return undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
