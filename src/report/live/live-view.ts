import { stripVTControlCharacters } from 'node:util';
import { safeText } from '../../text/safe-text.ts';
import { textWidth } from '../text/text.ts';

/** Where a live view writes. */
export interface LiveOutput {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/**
 * The one owner of the terminal while a run is live: draws frames in place, one write each, and restores the terminal on `stop`, which
 * every exit path must call. If the output is not a terminal, no frames are drawn and only `print` writes.
 */
export class LiveView {
  readonly #output: LiveOutput;
  #frame: readonly string[] = [];
  #isHidden = false;
  #isStopped = false;

  constructor(output: LiveOutput) {
    this.#output = output;
  }

  /** Draws a frame over the previous one. Its lines must not be wider than the output. */
  draw(lines: readonly string[]): void {
    if (!this.#output.isTTY || this.#isStopped) return;
    const hide = this.#isHidden ? '' : HIDE_CURSOR;
    this.#isHidden = true;
    this.#output.write(`${hide}${this.#upToTop()}${frameText(lines)}${CLEAR_BELOW}`);
    this.#frame = lines;
  }

  /** Writes a line that stays, above the frame. */
  print(line: string): void {
    const safe = safeText(line);
    if (!this.#isHidden) {
      this.#output.write(`${safe}\n`);
      return;
    }
    this.#output.write(`${this.#upToTop()}${frameText([safe, ...this.#frame])}${CLEAR_BELOW}`);
  }

  /** Removes the frame and shows the cursor again. Nothing is drawn afterwards; repeated calls are harmless. */
  stop(): void {
    this.#isStopped = true;
    if (!this.#isHidden) return;
    this.#output.write(`${this.#upToTop()}${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#isHidden = false;
    this.#frame = [];
  }

  /** If the terminal has become narrower, the last frame's lines have wrapped: count their rows as they are now. */
  #upToTop(): string {
    const rows = this.#frame.reduce((sum, line) => sum + rowsOf(line, this.#output.columns), 0);
    return rows === 0 ? '\r' : `\x1b[${rows}A\r`;
  }
}

/** Each line is cleared before it is written: after a line that fills its row, clearing would take its last character. */
function frameText(lines: readonly string[]): string {
  return lines.map((line) => `${CLEAR_LINE}${line}\n`).join('');
}

function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(textWidth(stripVTControlCharacters(line)) / Math.max(1, columns)));
}
