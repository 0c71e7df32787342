import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveView } from '../../../../src/report/live/live-view.ts';
import { escapeControls, safeText } from '../../../../src/text/safe-text.ts';

describe('text of somebody else', () => {
  it.each([
    ['an escape', '\u001b[2J', '\\u001b[2J'],
    ['the same in one character', '\u009b2J', '\\u009b2J'],
    ['a carriage return', 'a\rb', 'a\\u000db'],
    ['an override of direction', 'a\u202eb', 'a\\u202eb'],
    ['an isolate', 'a\u2066b', 'a\\u2066b'],
    ['a mark of direction', 'a\u200fb', 'a\\u200fb'],
    ['a blank without width', 'a\u200bb', 'a\\u200bb'],
    ['an invisible tag', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
    ['half a character', 'a\ud800b', 'a\\ud800b'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ])('has %s written out', (_, text, expected) => {
    expect([escapeControls(text), safeText(text)]).toEqual([expected, expected]);
  });

  it.each(['电表', 'Zähler', 'نص', 'क्षि', '👨‍👩‍👧', 'می‌خواهم'])('keeps %s as it is', (text) => {
    expect([escapeControls(text), safeText(text)]).toEqual([text, text]);
  });

  it('keeps lines and colours only where text has lines and colours', () => {
    const text = '\u001b[1;31mbad\u001b[0m\n\tmore';
    expect(safeText(text)).toBe(text);
    expect(escapeControls(text)).toBe('\\u001b[1;31mbad\\u001b[0m\\u000a\\u0009more');
  });

  it('holds nothing that a terminal obeys, whatever it is made of', () => {
    const parts = ['\u001b', '[', '3', '1', 'm', 'A', '\r', '\u009b', '\u202e', ']', '\u0007', ';', 'x'];
    const texts = fc.array(fc.constantFrom(...parts)).map((all) => all.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const plain = safeText(text).replaceAll(new RegExp(`${'\u001b'}\\[[0-9;]*m`, 'g'), '');
        expect(plain).toMatch(/^[ -~]*$/);
      }),
    );
  });

  it('is written out in the lines that stay above a live view, too', () => {
    const output = { text: '', isTTY: true, columns: 80 };
    const view = new LiveView({ ...output, write: (text) => (output.text += text) });
    view.print('a\u001b[2Jb');
    expect(output.text).toBe('a\\u001b[2Jb\n');
  });
});
