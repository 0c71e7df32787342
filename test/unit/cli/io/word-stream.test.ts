import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type WordSink, wordStream } from '../../../../src/cli/io/word-stream.ts';

/** A stream of the process that keeps what it is given, or fails as it is told. */
class PlayedStream extends EventEmitter {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  onWrite: () => void = () => undefined;

  constructor(isTTY = false, columns?: number) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): boolean {
    this.onWrite();
    this.text += text;
    return true;
  }
}

function words(stream: PlayedStream) {
  return wordStream(() => stream as unknown as WordSink);
}

describe('wordStream', () => {
  it.each(['EPIPE', 'EIO', 'ENOSPC', 'EBADF', 'ECONNRESET'])('loses words, not the program, by %s', (code) => {
    const stream = new PlayedStream();
    const output = words(stream);
    expect(() => stream.emit('error', Object.assign(new Error(code), { code }))).not.toThrow();
    stream.onWrite = () => {
      throw Object.assign(new Error(code), { code });
    };
    expect(() => output.write('lost')).not.toThrow();
    stream.onWrite = () => undefined;
    output.write('back again');
    expect(stream.text).toBe('back again');
  });

  it('takes no words where there is no stream', () => {
    const output = wordStream(() => {
      throw new Error('unknown stream type');
    });
    output.write('lost');
    expect([output.isTTY, output.columns, output.draw]).toEqual([false, 100, undefined]);
  });

  it('writes out what would move the cursor or turn the text, and keeps lines and colours', () => {
    const stream = new PlayedStream(true, 80);
    const output = words(stream);
    output.write('\u001b[1;31mFAILED\u001b[0m\ta\u202eb\u001b[2A\u001b]0;title\u0007\u009b1m\r\n');
    expect(stream.text).toBe(
      '\u001b[1;31mFAILED\u001b[0m\ta\\u202eb\\u001b[2A\\u001b]0;title\\u0007\\u009b1m\\u000d\n',
    );
  });

  it('keeps JSON what it was', () => {
    const stream = new PlayedStream();
    const value = { name: 'a\u202eb\u200b\u{e0041}\ud800\n' };
    words(stream).write(JSON.stringify(value));
    expect(stream.text).toMatch(/^[\n -~]*$/);
    expect(JSON.parse(stream.text)).toEqual(value);
  });

  it('lets the owner of a terminal draw, and nobody on a pipe', () => {
    const terminal = new PlayedStream(true, 80);
    words(terminal).draw?.('\u001b[?25l');
    expect(terminal.text).toBe('\u001b[?25l');
    expect(words(new PlayedStream()).draw).toBeUndefined();
  });
});
