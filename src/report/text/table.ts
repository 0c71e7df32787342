import { drawn, type Line, type Span, span, type TextStyle } from './spans.ts';
import { padded, textWidth, truncate } from './text.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Minimum width if the table is too wide; columns without one are never cut. */
  readonly shrinkTo?: number;
}

const INDENT = 2;
const GAP = 2;

/** A table with its titles, as wide as its contents and no wider than the style. */
export function table(columns: readonly Column[], rows: readonly (readonly Span[])[], style: TextStyle): string[] {
  return tableLines(columns, rows, style).map((line) => drawn(line, style));
}

/** The same as lines that are not drawn yet. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Span[])[], style: TextStyle): Line[] {
  const widths = columnWidths(columns, rows, style.columns);
  const titles = columns.map(({ title }) => span(title, 'dim'));
  const hasTitles = columns.some(({ title }) => title !== '');
  return [...(hasTitles ? [titles] : []), ...rows].map((cells) => rowLine(cells, columns, widths, style));
}

function rowLine(
  cells: readonly Span[],
  columns: readonly Column[],
  widths: readonly number[],
  style: TextStyle,
): Line {
  const line: Span[] = [span(' '.repeat(INDENT))];
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? span('');
    const width = widths[index] ?? 0;
    if (index > 0) line.push(span(' '.repeat(GAP)));
    line.push({ text: padded(truncate(cell.text, width, style.unicode), width, column.align), tone: cell.tone });
  }
  return line;
}

function columnWidths(columns: readonly Column[], rows: readonly (readonly Span[])[], room: number): number[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...rows.map((cells) => textWidth(cells[index]?.text ?? ''))),
  );
  let excess = INDENT + GAP * (columns.length - 1) + widths.reduce((sum, width) => sum + width, 0) - room;
  for (const [index, { shrinkTo }] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (shrinkTo === undefined || excess <= 0) continue;
    const cut = Math.min(excess, Math.max(0, width - shrinkTo));
    widths[index] = width - cut;
    excess -= cut;
  }
  return widths;
}
