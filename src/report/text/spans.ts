import { escapeControls } from '../../text/safe-text.ts';
import { type TextStyle, textWidth, truncate } from './text.ts';

export type { TextStyle } from './text.ts';

/** What a piece of text means, which determines its colour. Nothing is expressed by colour alone. */
export type Tone = 'plain' | 'heading' | 'strong' | 'dim' | 'good' | 'bad' | 'warn';

/** A piece of a line. Created only by `span`, so that no control character from a scenario reaches a terminal. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Span[];

const SGR: Readonly<Record<Tone, string>> = {
  plain: '',
  heading: '1;36',
  strong: '1',
  dim: '2',
  good: '32',
  bad: '1;31',
  warn: '33',
};

/** A piece of text with its meaning, control characters made visible. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return { text: escapeControls(text), tone };
}

/** Columns that a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** The line as text, cut to the style's width, without blanks at its end. */
export function drawn(line: Line, style: TextStyle): string {
  let left = style.columns;
  let text = '';
  for (const { text: whole, tone } of withoutTrailingBlanks(line)) {
    if (left <= 0) break;
    const part = truncate(whole, left, style.unicode);
    left -= textWidth(part);
    text += style.color && SGR[tone] !== '' && part !== '' ? `\x1b[${SGR[tone]}m${part}\x1b[0m` : part;
  }
  return text;
}

/** Two blocks of lines side by side; `columns`: where the right one begins. Lines of the left one that are longer are cut. */
export function beside(
  left: readonly Line[],
  right: readonly Line[],
  columns: number,
  { unicode }: Pick<TextStyle, 'unicode'>,
): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => {
    const [own = [], other = []] = [left[row], right[row]];
    if (other.length === 0) return own;
    const cut = cutTo(own, columns - 1, unicode);
    return [...cut, { text: ' '.repeat(columns - lineWidth(cut)), tone: 'plain' }, ...other];
  });
}

function cutTo(line: Line, columns: number, unicode: boolean): Line {
  let left = columns;
  return line.map((part) => {
    const text = truncate(part.text, Math.max(0, left), unicode);
    left -= textWidth(text);
    return { text, tone: part.tone };
  });
}

function withoutTrailingBlanks(line: Line): Line {
  const end = line.findLastIndex(({ text }) => text.trimEnd() !== '');
  return line.slice(0, end + 1).map((part, index) => (index === end ? { ...part, text: part.text.trimEnd() } : part));
}

/** Parts with a separator between them, on as many lines as they need. */
export function folded(parts: readonly string[], separator: string, tone: Tone, style: TextStyle): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${separator}${part}`;
    if (last === undefined || textWidth(joined) > style.columns) lines.push(part);
    else lines[lines.length - 1] = joined;
  }
  return lines.map((text) => drawn([span(text, tone)], style));
}

/** A heading on a line of its own. */
export function heading(text: string, style: TextStyle): string {
  return drawn([span(text, 'heading')], style);
}

/** Text broken at blanks to the style's width, later lines indented like the first one's text. */
export function wrapped(lead: Line, text: Span, style: TextStyle): string[] {
  const indent = lineWidth(lead);
  const room = Math.max(20, style.columns - indent);
  const lines: string[] = [];
  let current = '';
  for (const word of text.text.split(' ')) {
    if (current !== '' && textWidth(current) + 1 + textWidth(word) > room) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  lines.push(current);
  return lines.map((part, index) =>
    drawn([...(index === 0 ? lead : [span(' '.repeat(indent))]), { text: part, tone: text.tone }], style),
  );
}
