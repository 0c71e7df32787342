import { escapeControls, escapeControlsInLines } from '../../text/safe-text.ts';

/** HTML that is safe to put into a page: created only by the `html` tag, which escapes every text it is given. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What an `html` template may contain: texts and numbers are escaped, markup stays, lists are joined. */
export type Content = string | number | Markup | readonly Content[] | undefined;

/** A template of HTML. Interpolated texts are escaped, in attributes too, so they are shown and never interpreted. */
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

/** A text written for terminals, in which words between backticks are code. */
export function prose(text: string): Content {
  const parts = text.split('`');
  // An unpaired backtick is only a character.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters and those that change the text direction are written out, as on a terminal; line breaks and tabs stay. */
function escapeHtml(text: string): string {
  return escapeControlsInLines(text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? ''));
}

/**
 * A value as JSON that is safe inside a `script` element: nothing in it can end the element or begin a comment. Its texts appear on the
 * page, so unsafe characters in them are written out as well.
 */
export function jsonForScript(value: unknown): Markup {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Markup(escapeControls(json, '\\\\u'));
}
