import { safeText } from '../../text/safe-text.ts';
import type { Output } from './io.ts';

/** Width of text that goes to a file or a pipe. */
const PLAIN_COLUMNS = 100;

/** The part of a stream of the process that is needed. */
export type WordSink = Pick<NodeJS.WriteStream, 'write' | 'on' | 'isTTY' | 'columns'> &
  Partial<Pick<NodeJS.WriteStream, 'rows'>>;

/**
 * The program's words on a stream. If the reader goes away, the disk is full or the terminal is closed, words are lost, but work is not.
 * `open` may throw: on a descriptor that Node cannot make a stream of, all words are lost.
 */
export function wordStream(open: () => WordSink): Output {
  const stream = openOrNothing(open);
  if (stream === undefined) return { write: () => undefined, isTTY: false, columns: PLAIN_COLUMNS };
  stream.on('error', () => undefined);
  const put = (text: string): void => {
    try {
      stream.write(text);
    } catch {
      // A stream may also throw because of a lost descriptor.
    }
  };
  return {
    write: (text) => put(safeText(text)),
    draw: stream.isTTY ? put : undefined,
    isTTY: stream.isTTY === true,
    get columns() {
      // Some pseudo-terminals say 0.
      return stream.columns || PLAIN_COLUMNS;
    },
    get rows() {
      return stream.rows || undefined;
    },
  };
}

function openOrNothing(open: () => WordSink): WordSink | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
