import { createHash, type Hash } from 'node:crypto';
import { type RawLine, rawLines } from './raw-lines.ts';
import { RECORD_FORMAT, type RecordLine, recordLineSchema } from './record-lines.ts';

/** A record that cannot be read, in words that follow its name. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/**
 * The lines of a record, up to where it was cut. Rejects with a `RecordError` at a line that this program did not write, or if the record
 * has an end and is not what was written; with the system's error if the file cannot be read.
 */
export async function* readRecord(path: string): AsyncGenerator<RecordLine, void, void> {
  const hash = createHash('sha256');
  let row = 0;
  let isOver = false;
  for await (const raw of rawLines(path)) {
    row++;
    if (isOver) throw new RecordError(`line ${row} follows its end`);
    // What was being written when the share was killed.
    if (raw.isCut) return;
    const line = parsedLine(raw, row);
    isOver = isWholeEnd(line, hash);
    hash.update(raw.bytes).update('\n');
    yield line;
  }
}

function isWholeEnd(line: RecordLine, before: Hash): boolean {
  if (line.type !== 'over') return false;
  if (before.copy().digest('hex') === line.sha256) return true;
  throw new RecordError('it is not what was written: it was changed, or damaged on its way');
}

function parsedLine({ bytes }: RawLine, row: number): RecordLine {
  const value = jsonOf(bytes);
  if (row === 1) checkFormat(value);
  const parsed = recordLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.map(String).join('.')})`;
  throw new RecordError(`line ${row} is not one that fleetstorm wrote${where}`);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A record of another version may differ in anything but this. */
function checkFormat(value: unknown): void {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format !== 'number' || format === RECORD_FORMAT) return;
  throw new RecordError(`it has format ${format}, and this fleetstorm reads format ${RECORD_FORMAT}`);
}
