import type { ChartSeries, LineChart } from '../../data/page-data.ts';
import { formatValue } from '../format.ts';
import type { Theme } from '../theme.ts';
import { dashPattern, isHatched } from './dashes.ts';
import { plotIndexOf, type ReadValue } from './line-chart.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** The key of a chart's lines: how each is drawn, its value under the cursor, and a button that hides it. */
export class Legend {
  readonly element = document.createElement('div');
  readonly #chart: () => LineChart;
  readonly #read: ReadValue;
  readonly #at = document.createElement('span');
  readonly #values: HTMLElement[];

  constructor(chart: () => LineChart, read: ReadValue, theme: Theme, toggle: (at: number, isShown: boolean) => void) {
    this.#chart = chart;
    this.#read = read;
    const { kind, series } = chart();
    const entries = series.map((one, index) => {
      // A layer cannot leave its stack, and an only line has no others to be seen without it.
      const label = document.createElement(kind === 'stack' || series.length === 1 ? 'span' : 'button');
      label.className = 'entry';
      label.append(swatch(one, index, kind, theme), one.label);
      if (label instanceof HTMLButtonElement)
        offerToggle(label, (isShown) => toggle(plotIndexOf(chart(), index), isShown));
      const value = document.createElement('span');
      value.className = 'value';
      return { label, value };
    });
    this.#values = entries.map(({ value }) => value);
    this.#at.className = 'at';
    this.element.className = 'legend';
    const list = document.createElement('ul');
    for (const { label, value } of entries) {
      const item = document.createElement('li');
      item.append(label, value);
      list.append(item);
    }
    this.element.append(list, this.#at);
  }

  /** What it shows, as a sentence. */
  get text(): string {
    const { series } = this.#chart();
    const values = this.#values.map((value, index) => `${series[index]?.label ?? ''} ${value.textContent ?? ''}`);
    return `${this.#at.textContent ?? ''}: ${values.join(', ')}`;
  }

  /** Shows the values of a row; none if the cursor points nowhere. */
  show(row: number | null | undefined): void {
    const { series } = this.#chart();
    const isNowhere = row === null || row === undefined;
    this.#at.textContent = isNowhere ? '' : this.#read.x(row);
    for (const [index, value] of this.#values.entries()) {
      const one = series[index];
      value.textContent = isNowhere || one === undefined ? '' : this.#read.y(one, row);
    }
  }
}

function offerToggle(button: HTMLButtonElement, toggle: (isShown: boolean) => void): void {
  button.type = 'button';
  button.ariaPressed = 'true';
  button.title = 'Hide or show this line';
  button.addEventListener('click', () => {
    const isShown = button.ariaPressed !== 'true';
    button.ariaPressed = String(isShown);
    toggle(isShown);
  });
}

/** A piece of the line as the chart draws it: its stroke, its fill, or its points. */
function swatch(series: ChartSeries, index: number, kind: LineChart['kind'], theme: Theme): SVGElement {
  const color = theme.series[series.color % theme.series.length] ?? theme.text;
  const picture = svg('svg', { width: 26, height: 12, 'aria-hidden': 'true' });
  if (kind === 'stack') {
    picture.append(svg('rect', { x: 4, y: 0.5, width: 18, height: 11, fill: color }));
    if (isHatched(index)) {
      for (const x of [4, 10, 16]) {
        picture.append(
          svg('line', { x1: x, y1: 11.5, x2: x + 6, y2: 0.5, stroke: theme.background, 'stroke-width': 1.4 }),
        );
      }
    }
  } else if (kind === 'points') {
    const fill = index === 0 ? color : 'none';
    picture.append(svg('circle', { cx: 13, cy: 6, r: 3.6, stroke: color, 'stroke-width': 1.5, fill }));
  } else {
    if (series.isFilled === true) {
      picture.append(svg('rect', { x: 0, y: 5, width: 26, height: 7, fill: color, opacity: 0.18 }));
    }
    const dashes = dashPattern(series).join(' ');
    picture.append(
      svg('line', {
        x1: 0,
        y1: 5,
        x2: 26,
        y2: 5,
        stroke: color,
        'stroke-width': 2,
        'stroke-dasharray': dashes || 'none',
      }),
    );
  }
  return picture;
}

function svg(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** How a row of a chart reads. */
export function rowReader(
  chart: () => LineChart,
  columns: () => Readonly<Record<string, (number | null)[]>>,
): ReadValue {
  return {
    x: (row) => {
      const { x, timeColumn } = chart();
      const value = formatValue(columns()[x.column]?.[row], x.unit);
      const words = x.unit === 'sec' || x.unit === 'percentile' ? value : `${value} ${x.label}`;
      return timeColumn === undefined ? words : `${words}, at ${formatValue(columns()[timeColumn]?.[row], 'sec')}`;
    },
    y: ({ column }, row) => formatValue(columns()[column]?.[row], chart().y.unit),
  };
}
