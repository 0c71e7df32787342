/**
 * Text for messages of plain data: JSON, and besides it the kinds of values that snapshots and batches are made of (counts by bucket, which
 * are mostly zeros; numbers in rows; instants in nanoseconds; instants that never were).
 */

const COUNTS = '$counts';
const ROWS = '$rows';
const BIG = '$big';
const INFINITE = '$infinite';

/** The text of a message. */
export function encoded(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => tagged(one));
}

/** The message of a text. Throws a SyntaxError if it is none. */
export function decoded(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) => untagged(one)) as unknown;
}

function tagged(value: unknown): unknown {
  if (value instanceof Uint32Array) return { [COUNTS]: packedCounts(value) };
  if (value instanceof Float64Array) return { [ROWS]: bytesOf(value).toString('base64') };
  if (typeof value === 'bigint') return { [BIG]: String(value) };
  if (value === Number.POSITIVE_INFINITY) return { [INFINITE]: 1 };
  return value;
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (COUNTS in value) return unpackedCounts(textIn(value[COUNTS]));
  if (ROWS in value) return rowsOf(textIn(value[ROWS]));
  if (BIG in value) return bigIn(value[BIG]);
  if (INFINITE in value) return Number.POSITIVE_INFINITY;
  return value;
}

function textIn(value: unknown): string {
  if (typeof value !== 'string') throw new SyntaxError('a packed value is not a text');
  return value;
}

function bigIn(value: unknown): bigint {
  const text = textIn(value);
  if (!/^-?\d{1,30}$/.test(text)) throw new SyntaxError('a large number is none');
  return BigInt(text);
}

function bytesOf(numbers: Float64Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function rowsOf(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  const rows = new Float64Array(Math.floor(bytes.length / Float64Array.BYTES_PER_ELEMENT));
  bytes.copy(bytesOf(rows));
  return rows;
}

/** The length, then for each count that is not 0 how many zeros precede it, and the count; seven bits a byte, the lowest first. */
function packedCounts(counts: Uint32Array): string {
  const bytes: number[] = [];
  pushNumber(bytes, counts.length);
  let zeros = 0;
  for (const count of counts) {
    if (count === 0) {
      zeros++;
    } else {
      pushNumber(bytes, zeros);
      pushNumber(bytes, count);
      zeros = 0;
    }
  }
  return Buffer.from(bytes).toString('base64');
}

function pushNumber(bytes: number[], value: number): void {
  let left = value;
  while (left >= 0x80) {
    bytes.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
}

/** The most buckets that a histogram could have. */
const MOST_COUNTS = 2 ** 20;

function unpackedCounts(text: string): Uint32Array {
  const bytes = Buffer.from(text, 'base64');
  let at = 0;
  const next = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new SyntaxError('packed counts end too early');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  const length = next();
  if (length > MOST_COUNTS) throw new SyntaxError(`${length} counts are too many`);
  const counts = new Uint32Array(length);
  for (let index = 0; at < bytes.length; index++) {
    index += next();
    if (index >= length) throw new SyntaxError('packed counts are longer than they say');
    counts[index] = next();
  }
  return counts;
}
