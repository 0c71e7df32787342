import { countsOfSparse, sparseCounts } from './sparse-counts.ts';

/**
 * Plain data as JSON text and back, equal in every value: big integers, typed arrays and the numbers that JSON does not have travel as
 * `{ "$": [kind, text] }`. A property that is undefined is left out, as JSON does; nothing else is lost without an error.
 */

/** The only key of an object that stands for something else. */
const TAG = '$';

/** Longer ones would take long to read. */
const BIG_INTEGER = /^-?\d{1,100}$/;

/** Unsigned integers of 32 bits are counts, which are mostly zeros. */
const COUNTS = 'u32';
/** A short text may stand for many counts: no more than this are made of it. */
const MOST_COUNTS = 2 ** 20;

/** All other typed arrays, by the word that tags them: their bytes, in the byte order of the machine: little-endian wherever Node runs. */
const TYPED_ARRAYS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
} as const;
type ArrayWord = keyof typeof TYPED_ARRAYS;

/** The text of plain data. Throws a `TypeError` for what is not: functions, maps, dates, undefined in a list. */
export function toTaggedJson(value: unknown): string {
  const tags = new WeakSet<object>();
  const tagged = (kind: string, content: unknown): object => {
    const tag = { [TAG]: [kind, content] };
    tags.add(tag);
    return tag;
  };
  return JSON.stringify(value, function replace(this: unknown, key: string): unknown {
    // Not the second argument: it has been through `toJSON`, which buffers have.
    const raw: unknown = Reflect.get(Object(this), key);
    if (typeof raw === 'object' && raw !== null && tags.has(raw)) return raw;
    if (raw === undefined && Array.isArray(this)) throw new TypeError(`undefined in a list cannot be sent`);
    return replaced(raw, tagged);
  });
}

function replaced(raw: unknown, tagged: (kind: string, content: unknown) => object): unknown {
  switch (typeof raw) {
    case 'bigint':
      return tagged('bigint', bigText(raw));
    case 'number':
      return Number.isFinite(raw) && !Object.is(raw, -0) ? raw : tagged('number', Object.is(raw, -0) ? '-0' : `${raw}`);
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof raw} cannot be sent`);
    case 'object':
      return raw === null || Array.isArray(raw) ? raw : replacedObject(raw, tagged);
    default:
      return raw;
  }
}

function bigText(value: bigint): string {
  const text = String(value);
  if (!BIG_INTEGER.test(text)) throw new TypeError('an integer of so many digits cannot be sent');
  return text;
}

function replacedObject(raw: object, tagged: (kind: string, content: unknown) => object): object {
  if (raw instanceof Uint32Array) {
    if (raw.length > MOST_COUNTS) throw new TypeError(`${raw.length} counts are too many to be sent`);
    return tagged(COUNTS, sparseCounts(raw));
  }
  if (ArrayBuffer.isView(raw)) {
    const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    return tagged(wordOf(raw), bytes.toString('base64'));
  }
  const prototype: unknown = Object.getPrototypeOf(raw);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('an object of a class cannot be sent');
  return Object.hasOwn(raw, TAG) ? tagged('object', Object.entries(raw)) : raw;
}

function wordOf(array: ArrayBufferView): string {
  const word = arrayWords().find((name) => array instanceof TYPED_ARRAYS[name]);
  if (word === undefined) throw new TypeError('this kind of array cannot be sent');
  return word;
}

/** The data of such a text. Throws a `SyntaxError` or a `TypeError` for any other text. */
export function fromTaggedJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => (isTag(value) ? untagged(value[TAG]) : value));
}

function isTag(value: unknown): value is { readonly [TAG]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, TAG);
}

function untagged(tag: unknown): unknown {
  if (!Array.isArray(tag) || tag.length !== 2) throw new TypeError('not a tag');
  const [kind, content]: unknown[] = tag;
  if (kind === 'object' && Array.isArray(content)) return Object.fromEntries(content.map(entryOf));
  if (typeof content !== 'string') throw new TypeError('not a tag');
  if (kind === 'bigint' && BIG_INTEGER.test(content)) return BigInt(content);
  if (kind === 'number' && /^(?:-0|NaN|-?Infinity)$/.test(content)) return Number(content);
  if (kind === COUNTS) return countsOf(content);
  const word = arrayWords().find((name) => name === kind);
  if (word === undefined) throw new TypeError('an unknown tag');
  return arrayOf(word, Buffer.from(content, 'base64'));
}

function entryOf(entry: unknown): [string, unknown] {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string') throw new TypeError('not an entry');
  return [entry[0], entry[1]];
}

function countsOf(text: string): Uint32Array {
  const counts = countsOfSparse(text, MOST_COUNTS);
  if (counts === undefined) throw new TypeError('not counts, or too many');
  return counts;
}

function arrayOf(word: ArrayWord, bytes: Buffer): ArrayBufferView {
  // A copy: the array must start where its memory does.
  return new TYPED_ARRAYS[word](Uint8Array.from(bytes).buffer);
}

function arrayWords(): ArrayWord[] {
  return Object.keys(TYPED_ARRAYS) as ArrayWord[];
}
