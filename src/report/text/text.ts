/** Text on a terminal: how it is drawn, and how wide it is. */

export interface TextStyle {
  /** Width of the output. */
  readonly columns: number;
  /** Colours wanted: a terminal, and NO_COLOR not set. */
  readonly color: boolean;
  /** Glyphs beyond ASCII wanted. */
  readonly unicode: boolean;
}

const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** East Asian wide characters and emoji, to the extent that names use them. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text without control characters takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text cut to this many columns, with an ellipsis if anything is missing. */
export function truncate(text: string, columns: number, unicode: boolean): string {
  if (textWidth(text) <= columns) return text;
  const ellipsis = unicode ? '…' : '...';
  const room = columns - ellipsis.length;
  if (room <= 0) return ellipsis.slice(0, columns);
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > room) break;
    kept += character;
  }
  return kept + ellipsis;
}

/** The text padded with blanks to this many columns. */
export function padded(text: string, columns: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, columns - textWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

function characterWidth(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  // Lines, blocks and braille, of which charts are drawn.
  if (character >= '\u2500' && character <= '\u28ff') return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
