import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TimelineLine, timelineLineSchema } from '../../metrics/results.ts';

/** The growing files of a run's folder, line by line: they may be larger than memory. */

/** Lines of `latency.hlog`; none when the folder has no such file. Rejects while reading when it cannot be read. */
export function hlogFileLines(folder: string): AsyncIterable<string> {
  return fileLines(join(folder, 'latency.hlog'));
}

/** Lines of `timeline.ndjson`; none when the folder has no such file. A last line that a killed run left unfinished is left out. Rejects when another one is not a line of it. */
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
  const input = createReadStream(path);
  // readline does not pass on errors of its input.
  let failed: Error | undefined;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  input.on('error', (error) => {
    failed = error;
    lines.close();
  });
  yield* lines;
  if (failed !== undefined && !isMissing(failed)) throw failed;
}

/** A summary alone can be reported too: it may have been kept without the large files. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
