import { describe, expect, it } from 'vitest';
import { type ChartFigure, labelColumns, lineChart } from '../../../../src/report/text/line-chart.ts';
import { span } from '../../../../src/report/text/spans.ts';

const TIME = { labels: ['0s', '10s', '20s'], marks: [0.5] } as const;

function chartOf(values: readonly (number | undefined)[], columns: number, unicode: boolean): string[] {
  const figure: ChartFigure = {
    title: [span('online')],
    tone: 'plain',
    top: 100,
    label: String,
    ranges: (count) =>
      Array.from({ length: count }, (_, index) => {
        const value = values[Math.floor((index * values.length) / count)];
        return value === undefined ? undefined : { low: value, high: value };
      }),
  };
  const size = { columns, rows: 8, labelColumns: labelColumns(figure) };
  return lineChart(figure, TIME, size, unicode).map((line) => line.map(({ text }) => text).join(''));
}

describe('lineChart', () => {
  it('draws a line in braille, with labelled axes and marks', () => {
    expect(chartOf([0, 50, 100, 0, undefined], 26, true)).toEqual([
      'online',
      '100 ┤        ⢸⠉⠉⠉⠉⡆       ',
      '    │        ⢸    ⡇       ',
      ' 50 ┤    ⢰⠒⠒⠒⠊    ⡇       ',
      '    │    ⢸        ⡇       ',
      '  0 ┤⣀⣀⣀⣀⡸        ⣇⣀⣀⣀    ',
      '    └──────────▲──────────',
      '    0s        10s      20s',
    ]);
  });

  it('draws in ASCII', () => {
    expect(chartOf([0, 50, 100, 0, undefined], 25, false).join('\n')).toMatch(/^[\n -~]*$/);
  });

  it.each([10, 12, 15, 20, 40])('is exactly %i columns wide below its title', (columns) => {
    const widths = new Set(
      chartOf([0, 100], columns, true)
        .slice(1)
        .map((text) => text.length),
    );
    expect([...widths]).toEqual([columns]);
  });

  it('draws nothing where nothing was measured', () => {
    expect(chartOf([undefined], 20, true).slice(1, 6).join('')).toMatch(/^[ 0-9┤│]*$/);
  });
});
