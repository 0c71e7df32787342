import { type Line, type Span, span, type Tone } from './spans.ts';
import { padded, textWidth } from './text.ts';

/** The least and the most of a figure in a column of dots. */
export interface DotRange {
  readonly low: number;
  readonly high: number;
}

/** A figure over time. */
export interface ChartFigure {
  readonly title: Line;
  readonly tone: Tone;
  /** The value at the upper end of the axis; the lower end is 0. */
  readonly top: number;
  /** A value as the axis shows it. */
  readonly label: (value: number) => string;
  /** The figure as so many ranges, from the left end of the time axis to its right end; undefined where there is none. */
  readonly ranges: (count: number) => readonly (DotRange | undefined)[];
}

/** What charts over the same time have in common. */
export interface ChartTime {
  /** The ends of the time axis and, between them, its middle. */
  readonly labels: readonly [start: string, middle: string, end: string];
  /** Instants to mark on the axis, as shares of it. */
  readonly marks: readonly number[];
}

/** Size of a chart, all of it: title, plot, axis and labels. */
export interface ChartSize {
  readonly columns: number;
  readonly rows: number;
  /** Width of the labels left of the axis. */
  readonly labelColumns: number;
}

/** The title, the axis and its labels. */
const ROWS_AROUND = 3;
/** The fewest rows that a chart is worth. */
export const LEAST_CHART_ROWS = ROWS_AROUND + 3;

/** Two by four dots a character in braille, one by two without. */
const BRAILLE = { across: 2, down: 4 } as const;
const ASCII = { across: 1, down: 2 } as const;
const BRAILLE_BITS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
/** By which of two dots, the upper (1) and the lower (2), are set. */
const ASCII_DOTS = [' ', "'", '.', ':'];

/** Width of the labels that a figure needs. */
export function labelColumns({ top, label }: ChartFigure): number {
  return Math.max(...[0, top / 2, top].map((value) => textWidth(label(value))));
}

/** A figure as a line over time, with labelled axes: as many lines as asked for, none wider than asked for. */
export function lineChart(figure: ChartFigure, time: ChartTime, size: ChartSize, unicode: boolean): Line[] {
  const rows = size.rows - ROWS_AROUND;
  const columns = size.columns - size.labelColumns - 2;
  const plot = plotRows(figure, columns, rows, unicode);
  const indent = span(' '.repeat(size.labelColumns + 1));
  return [
    figure.title,
    ...plot.map((text, row): Line => [...axisSpans(figure, row, rows, size, unicode), span(text, figure.tone)]),
    [indent, span(timeAxis(time.marks, columns, unicode), 'dim')],
    [indent, span(timeLabels(time.labels, columns + 1), 'dim')],
  ];
}

/** The value axis at this row, with a label at its ends and, if there is room, in the middle. */
function axisSpans({ top, label }: ChartFigure, row: number, rows: number, size: ChartSize, unicode: boolean): Span[] {
  const values = new Map([
    [0, top],
    [rows - 1, 0],
    ...(rows >= 5 && rows % 2 === 1 ? [[(rows - 1) / 2, top / 2] as const] : []),
  ]);
  const value = values.get(row);
  const text = padded(value === undefined ? '' : label(value), size.labelColumns, 'right');
  const [tick, line] = unicode ? ['┤', '│'] : ['+', '|'];
  return [span(`${text} ${value === undefined ? line : tick}`, 'dim')];
}

function plotRows(figure: ChartFigure, columns: number, rows: number, unicode: boolean): string[] {
  const { across, down } = unicode ? BRAILLE : ASCII;
  const dots = dotColumns(figure, columns * across, rows * down);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_unused, column) => {
      const cell = dots.slice(column * across, (column + 1) * across);
      const isSet = (x: number, y: number): boolean => {
        const range = cell[x];
        const height = (rows - row) * down - 1 - y;
        return range !== undefined && height >= range.low && height <= range.high;
      };
      return unicode ? brailleCell(isSet) : (ASCII_DOTS[Number(isSet(0, 0)) + 2 * Number(isSet(0, 1))] ?? ' ');
    }).join(''),
  );
}

function brailleCell(isSet: (x: number, y: number) => boolean): string {
  let bits = 0;
  for (const [x, column] of BRAILLE_BITS.entries()) {
    for (const [y, bit] of column.entries()) if (isSet(x, y)) bits |= bit;
  }
  return bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits);
}

/** The dots to set in each column, counted from the bottom; neighbours are joined so that a steep line has no gaps. */
function dotColumns({ ranges, top }: ChartFigure, count: number, high: number): (DotRange | undefined)[] {
  const dotOf = (value: number): number =>
    Math.round(Math.min(1, Math.max(0, top === 0 ? 0 : value / top)) * (high - 1));
  let before: DotRange | undefined;
  return ranges(count).map((range) => {
    const own = range && { low: dotOf(range.low), high: dotOf(range.high) };
    const drawn = own && before ? reaching(own, before) : own;
    before = own;
    return drawn;
  });
}

function reaching({ low, high }: DotRange, before: DotRange): DotRange {
  if (low > before.high + 1) return { low: before.high + 1, high };
  if (high < before.low - 1) return { low, high: before.low - 1 };
  return { low, high };
}

function timeAxis(marks: readonly number[], columns: number, unicode: boolean): string {
  const [corner, line, mark] = unicode ? ['└', '─', '▲'] : ['+', '-', '^'];
  const at = new Set(marks.map((share) => Math.round(share * (columns - 1))));
  return corner + Array.from({ length: columns }, (_, column) => (at.has(column) ? mark : line)).join('');
}

/** The middle is left out where the labels would touch. */
function timeLabels([start, middle, end]: ChartTime['labels'], columns: number): string {
  const center = Math.round((columns - middle.length) / 2);
  const room = columns - start.length - end.length;
  const hasMiddle = room > 0 && center > start.length + 2 && center + middle.length + 2 < columns - end.length;
  if (room < 1) return padded(end, columns, 'right').slice(-columns);
  if (!hasMiddle) return start + ' '.repeat(room) + end;
  const left = start + ' '.repeat(center - start.length) + middle;
  return left + ' '.repeat(columns - left.length - end.length) + end;
}
