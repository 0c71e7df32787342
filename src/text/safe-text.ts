/** What is safe to print of a text that somebody else wrote. */

/**
 * What a text of somebody else must not bring along: control characters, those that turn the direction of text, those that are not seen
 * (joiners and marks of scripts apart), and halves of characters. A name must not move the cursor or hide what follows it.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

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
