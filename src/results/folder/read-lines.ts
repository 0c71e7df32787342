import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type TimelineLine, timelineLineSchema } from '../timeline-line.ts';

/** The growing files of a run's folder, line by line: they may be larger than memory. */

/** Lines of `latency.hlog`; none if the folder has no such file. Iterating rejects if the file cannot be read. */
export function hlogFileLines(folder: string): AsyncIterable<string> {
  return fileLines(join(folder, 'latency.hlog'));
}

/**
 * Lines of `timeline.ndjson`; none if the folder has no such file. An unfinished last line of a killed run is skipped. Rejects if any
 * other line is not valid.
 */
export async function* timelineFileLines(folder: string): AsyncGenerator<TimelineLine> {
  const path = join(folder, 'timeline.ndjson');
  let row = 0;
  let fault: Error | undefined;
  for await (const text of fileLines(path)) {
    if (fault !== undefined) throw fault;
    row++;
    const line = parsedLine(text);
    if (line === undefined) fault = new Error(`${path}:${row} is not a line that fleetstorm wrote`);
    else yield line;
  }
}

function parsedLine(text: string): TimelineLine | undefined {
  try {
    const parsed = timelineLineSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function* fileLines(path: string): AsyncGenerator<string> {
  const file = await opened(path);
  if (file !== undefined) yield* file.readLines();
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** True if the file does not exist: a summary may have been kept without the large files, and can still be reported. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
