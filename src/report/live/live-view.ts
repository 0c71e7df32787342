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
 * The one owner of the terminal while a run is live: draws frames in place, one write each, and puts the terminal back on `stop`,
 * which every way out must call. On an output that is not a terminal frames are not drawn and only `print` writes.
 */
export class LiveView {
  readonly #output: LiveOutput;
  #frame: readonly string[] = [];
  #isHidden = false;
  #isStopped = false;

  constructor(output: LiveOutput) {
    this.#output = output;
  }

  /** Draws a frame over the last one. Its lines must not be wider than the output. */
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

  /** Takes the frame away and shows the cursor again. Nothing is drawn after it; calling it twice does no harm. */
  stop(): void {
    this.#isStopped = true;
    if (!this.#isHidden) return;
    this.#output.write(`${this.#upToTop()}${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#isHidden = false;
    this.#frame = [];
  }

  /** A narrower terminal has broken the last frame's lines: their rows are counted as they stand now. */
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
