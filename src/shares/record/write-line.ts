import { sparseCounts } from '../../text/sparse-counts.ts';

/** Ends of lines to some readers that JSON does not escape. */
const SEPARATORS = /[\u2028\u2029]/g;

/** A line of `share.ndjson`, with its end. */
export function recordText(line: object): string {
  const text = JSON.stringify(line, (_key, value: unknown) =>
    value instanceof Uint32Array ? sparseCounts(value) : value,
  );
  return `${text.replace(SEPARATORS, (separator) => `\\u${separator.charCodeAt(0).toString(16)}`)}\n`;
}
