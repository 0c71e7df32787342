import { describe, expect, it } from 'vitest';
import { bar, progress, sparkline } from '../../../../src/report/text/bars.ts';
import { drawn, span, wrapped } from '../../../../src/report/text/spans.ts';
import { table } from '../../../../src/report/text/table.ts';
import { padded, textWidth, truncate } from '../../../../src/report/text/text.ts';
import { formatCount, formatMetric, formatRate, formatShare } from '../../../../src/report/words/figures.ts';
import { escapeControls } from '../../../../src/text/safe-text.ts';
import { formatSeconds } from '../../../../src/time/units.ts';

const STYLE = { columns: 20, color: false, unicode: true };

describe('figures', () => {
  it.each([
    [formatCount(0), '0'],
    [formatCount(999), '999'],
    [formatCount(1_234_567), '1,234,567'],
    [formatRate(0), '0'],
    [formatRate(98.54), '98.5'],
    [formatRate(12_345.6), '12,346'],
    [formatShare(1), '100%'],
    [formatShare(0), '0%'],
    [formatShare(0.9999), '>99.9%'],
    [formatShare(0.0001), '<0.1%'],
    [formatShare(0.5), '50.0%'],
    [formatMetric(500_223, 'us'), '500.223ms'],
    [formatMetric(999, 'us'), '999us'],
    [formatMetric(1_500_040, 'us'), '1.50004s'],
    [formatMetric(0.99912, 'ratio'), '99.912%'],
    [formatMetric(1234, 'count'), '1,234'],
    [formatMetric(98.5, 'per-sec'), '98.5/s'],
    [formatSeconds(0.4), '0s'],
    [formatSeconds(60), '1m'],
    [formatSeconds(65), '1m5s'],
    [formatSeconds(3_600), '1h'],
    [formatSeconds(7_260), '2h1m'],
    [formatSeconds(3_725), '1h2m5s'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe('text', () => {
  it.each([
    ['plain', 'plain'],
    ['a\u001b[2Jb\nc', 'a\\u001b[2Jb\\u000ac'],
    ['\u009b31m\u202e\u2028', '\\u009b31m\\u202e\\u2028'],
    ['设备 é', '设备 é'],
  ])('escapes controls of %j', (text, expected) => {
    expect(escapeControls(text)).toBe(expected);
  });

  it.each([
    ['abc', 3],
    ['设备', 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['█▏', 2],
  ])('knows the width of %s', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });

  it('cuts between characters, and says so', () => {
    expect(truncate('abcdef', 6, true)).toBe('abcdef');
    expect(truncate('abcdef', 4, true)).toBe('abc…');
    expect(truncate('abcdef', 5, false)).toBe('ab...');
    expect(truncate('设备重连', 4, true)).toBe('设…');
    expect(truncate('abcdef', 0, true)).toBe('');
  });

  it('pads by width', () => {
    expect(padded('设', 4, 'left')).toBe('设  ');
    expect(padded('7', 3, 'right')).toBe('  7');
  });
});

describe('lines', () => {
  it('are cut to the width and end without blanks', () => {
    expect(drawn([span('0123456789'), span('0123456789x', 'bad')], STYLE)).toBe('0123456789012345678…');
    expect(drawn([span('a   '), span('   ')], STYLE)).toBe('a');
  });

  it('are coloured only when wanted', () => {
    expect(drawn([span('a'), span('b', 'good')], { ...STYLE, color: true })).toBe('a\x1b[32mb\x1b[0m');
  });

  it('are broken at blanks, under the first word', () => {
    expect(wrapped([span('- ')], span('aaaa bbbb cccc dddd eeee ffff'), { ...STYLE, columns: 22 })).toEqual([
      '- aaaa bbbb cccc dddd',
      '  eeee ffff',
    ]);
  });
});

describe('table', () => {
  const columns = [
    { title: 'name', align: 'left', shrinkTo: 4 },
    { title: 'count', align: 'right' },
  ] as const;

  it('is as wide as its contents', () => {
    expect(table(columns, [[span('a'), span('1')]], STYLE)).toEqual(['  name  count', '  a         1']);
  });

  it('cuts the columns that may be cut', () => {
    const rows = [[span('a-name-that-is-long'), span('12,345')]];
    expect(table(columns, rows, STYLE)).toEqual(['  name         count', '  a-name-th…  12,345']);
  });
});

describe('bars', () => {
  it('show shares to an eighth, and never nothing for something', () => {
    expect([bar(0, 4, true), bar(0.0001, 4, true), bar(0.5, 4, true), bar(1, 4, true)]).toEqual([
      '',
      '▏',
      '██',
      '████',
    ]);
    expect([bar(0, 4, false), bar(0.0001, 4, false), bar(2, 4, false)]).toEqual(['', '#', '####']);
  });

  it('show progress within its bounds', () => {
    expect(progress(0.5, 4, true)).toEqual(['██', '░░']);
    expect(progress(7, 4, false)).toEqual(['####', '']);
    expect(progress(-1, 4, false)).toEqual(['', '....']);
  });

  it('show the last values as heights', () => {
    expect(sparkline([9, 0, 5, 10], 3, true)).toBe('▁▅█');
    expect(sparkline([0, 0], 3, true)).toBe('▁▁');
    expect(sparkline([1], 3, false)).toBe('');
  });
});
