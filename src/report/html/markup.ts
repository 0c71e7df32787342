import { escapeControls, escapeControlsInLines } from '../../text/safe-text.ts';

/** HTML that is safe to put into a page: made by the `html` tag only, which escapes every text it is given. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a `html` template: texts and numbers are escaped, markup stays, lists are joined. */
export type Content = string | number | Markup | readonly Content[] | undefined;

/** A template of HTML. Texts put into it are escaped, so that they are shown and never obeyed, in attributes too. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, index) => part + (index < contents.length ? written(contents[index]) : '')).join(''),
  );
}

function written(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escapeHtml(String(content));
  return content.map(written).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters and those that turn the direction of text are written out, as on a terminal; line breaks and tabs stay. */
function escapeHtml(text: string): string {
  return escapeControlsInLines(text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? ''));
}

/**
 * A value as JSON that can stand inside a `script` element: nothing in it can end the element or begin a comment. Its texts become those of
 * a page, so unsafe characters are written out in them as well.
 */
export function jsonForScript(value: unknown): Markup {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Markup(escapeControls(json, '\\\\u'));
}
