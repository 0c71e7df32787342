import { createReadStream } from 'node:fs';

/** A line of a file, and whether its end is missing: the writer was killed within it. */
export interface RawLine {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

const NEWLINE = 0x0a;
/** Far above any line that is written. */
export const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** The lines of a file, byte by byte as they are, without their ends. Rejects if it cannot be read, or if a line is longer than any. */
export async function* rawLines(path: string): AsyncGenerator<RawLine, void, void> {
  let parts: Buffer[] = [];
  let waiting = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      yield { bytes: Buffer.concat([...parts, chunk.subarray(from, at)]), isCut: false };
      parts = [];
      waiting = 0;
      from = at + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    waiting += chunk.length - from;
    if (waiting > MAX_LINE_BYTES) throw new Error('it has a line that is longer than any that is written');
  }
  if (parts.length > 0) yield { bytes: Buffer.concat(parts), isCut: true };
}
