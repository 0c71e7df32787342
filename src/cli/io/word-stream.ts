import { safeText } from '../../text/safe-text.ts';
import type { Output } from './io.ts';

/** Width of text that goes to a file or a pipe. */
const PLAIN_COLUMNS = 100;

/** What is needed of a stream of the process. */
export type WordSink = Pick<NodeJS.WriteStream, 'write' | 'on' | 'isTTY' | 'columns'>;

/**
 * The program's words on a stream. A reader that goes away, a full disk, a terminal that is gone: words are lost, work is not. `open` may
 * throw: a descriptor that Node cannot make a stream of takes no words at all.
 */
export function wordStream(open: () => WordSink): Output {
  const stream = openOrNothing(open);
  if (stream === undefined) return { write: () => undefined, isTTY: false, columns: PLAIN_COLUMNS };
  stream.on('error', () => undefined);
  const put = (text: string): void => {
    try {
      stream.write(text);
    } catch {
      // A stream may tell of a lost descriptor by a throw, too.
    }
  };
  return {
    write: (text) => put(safeText(text)),
    draw: stream.isTTY ? put : undefined,
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? PLAIN_COLUMNS;
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
