/** Makes texts from other sources safe to print. */

/**
 * What a foreign text must not contain: control characters, those that change the text direction, invisible ones (except joiners and marks
 * of scripts), and unpaired surrogates. A name must not move the cursor or hide what follows it.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Anything but printable ASCII: most texts contain none of it, and some are megabytes long. */
const UNUSUAL = /[^ -~]/;

/** The text with unsafe characters written out: `\u001b` for an escape. `lead` precedes the digits. */
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

/** A text of several lines made safe for a terminal, whatever its sources: all control codes except colours are written out. */
export function safeText(text: string): string {
  return text
    .split(COLOR)
    .map((part, index) => (index % 2 === 1 ? part : escapeControlsInLines(part)))
    .join('');
}

/** Writes out each UTF-16 unit, as JSON does. */
function writtenOut(character: string, lead: string): string {
  let text = '';
  for (let unit = 0; unit < character.length; unit++) {
    text += `${lead}${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }
  return text;
}
