/** Text on a terminal: how it is drawn, how wide it is, and what is safe to print. */

export interface TextStyle {
  /** Width of the output. */
  readonly columns: number;
  /** Colours wanted: a terminal, and NO_COLOR not set. */
  readonly color: boolean;
  /** Glyphs beyond ASCII wanted. */
  readonly unicode: boolean;
}

/**
 * What a text of somebody else must not bring along: control characters, those that turn the direction of text, those that are not seen
 * (joiners and marks of scripts apart), and halves of characters. A name must not move the cursor or hide what follows it.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** East Asian wide characters and emoji, to the extent that names use them. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Anything beside printable ASCII: most texts have nothing of it, and some are megabytes. */
const UNUSUAL = /[^ -~]/;

/** The text with unsafe characters written out: `\u001b` for an escape. `lead` stands before the digits. */
export function escapeControls(text: string, lead = '\\u'): string {
  if (!UNUSUAL.test(text)) return text;
  return text.replace(UNSAFE, (character) => writtenOut(character, lead));
}

/** The same for a text of several lines: line breaks and tabs stay. */
export function escapeControlsInLines(text: string): string {
  return text.replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : writtenOut(character, '\\u')));
}

/** The colours of a span: the codes that a text for a terminal may hold. */
const COLOR = new RegExp(`(${'\u001b'}\\[[0-9;]*m)`);

/** A text of several lines as a terminal may show it, whoever wrote parts of it: all that is not a colour is written out. */
export function safeText(text: string): string {
  return text
    .split(COLOR)
    .map((part, index) => (index % 2 === 1 ? part : escapeControlsInLines(part)))
    .join('');
}

/** Each half of a character that takes two, as JSON spells it. */
function writtenOut(character: string, lead: string): string {
  let text = '';
  for (let unit = 0; unit < character.length; unit++) {
    text += `${lead}${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }
  return text;
}

/** Columns that a text without control characters takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text, cut to this many columns, with an ellipsis when something is missing. */
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

/** The text filled up with blanks to this many columns. */
export function padded(text: string, columns: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, columns - textWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

function characterWidth(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
