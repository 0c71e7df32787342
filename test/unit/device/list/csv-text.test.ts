import { describe, expect, it } from 'vitest';
import { CsvReader, type CsvRow, MAX_ROW_CHARS } from '../../../../src/device/list/csv-text.ts';

/** The rows of a text that comes in pieces of this many characters. */
function rowsOf(text: string, size = text.length || 1, delimiter = ','): CsvRow[] {
  const reader = new CsvReader(delimiter);
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += size) rows.push(...reader.push(text.slice(at, at + size)));
  return [...rows, ...reader.end()];
}

const TEXTS: [name: string, text: string, rows: [line: number, fields: string[]][]][] = [
  ['LF', 'a,b\n1,2\n', [[1, ['a', 'b']], [2, ['1', '2']]]], // biome-ignore format: a table
  ['no last line end', 'a,b\n1,2', [[1, ['a', 'b']], [2, ['1', '2']]]], // biome-ignore format: a table
  ['line ends of all kinds', 'a\r\nb\rc\nd', [[1, ['a']], [2, ['b']], [3, ['c']], [4, ['d']]]], // biome-ignore format: a table
  ['empty lines', 'a\n\n\r\nb\n', [[1, ['a']], [2, ['']], [3, ['']], [4, ['b']]]], // biome-ignore format: a table
  ['empty fields', ',\n,,\n', [[1, ['', '']], [2, ['', '', '']]]], // biome-ignore format: a table
  ['quotes', '"a","b""c",""\n"",d\n', [[1, ['a', 'b"c', '']], [2, ['', 'd']]]], // biome-ignore format: a table
  ['delimiters in quotes', '"a,b",c\n', [[1, ['a,b', 'c']]]],
  ['lines in quotes', 'x,"1\n2\r\n3\r4"\n"\n"\ny\n', [[1, ['x', '1\n2\r\n3\r4']], [5, ['\n']], [7, ['y']]]], // biome-ignore format: a table
];

describe('CsvReader', () => {
  it.each(TEXTS)('reads %s, whatever pieces it comes in', (_name, text, rows) => {
    const expected = rows.map(([line, fields]) => ({ line, fields }));
    for (let size = 1; size <= text.length; size++) expect(rowsOf(text, size)).toEqual(expected);
  });

  it.each([';', '\t'])('takes %j as delimiter, and a comma as text', (delimiter) => {
    expect(rowsOf(`a${delimiter}b,c\n`, 2, delimiter)).toEqual([{ line: 1, fields: ['a', 'b,c'] }]);
  });

  it.each([
    ['a quote in a field', 'a\nb"c\n', 2],
    ['text behind a quote', 'a\n"b"c\n', 2],
    ['a quote that is not closed', 'a\n"1\n2"\n"b\n', 4],
  ])('names the line of %s, and not the text', (_name, text, line) => {
    for (let size = 1; size <= text.length; size++) {
      expect(() => rowsOf(text, size)).toThrow(
        expect.objectContaining({ line, message: 'not CSV: a quote is out of place or not closed' }),
      );
    }
  });

  it('gives the rows before a fault first', () => {
    const reader = new CsvReader(',');
    expect(reader.push('a\n"b"c\nd\n')).toEqual([{ line: 1, fields: ['a'] }]);
    expect(() => reader.end()).toThrow(expect.objectContaining({ line: 2 }));
  });

  it('takes a row of the longest length, and none that is longer', () => {
    const reader = new CsvReader(',');
    expect(reader.push('x'.repeat(MAX_ROW_CHARS))).toEqual([]);
    expect(() => reader.push('x')).toThrow(
      expect.objectContaining({ line: 1, message: `longer than ${MAX_ROW_CHARS.toLocaleString('en-US')} characters` }),
    );
  });
});
