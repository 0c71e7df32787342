import { describe, expect, it } from 'vitest';
import { LiveView } from '../../../../src/report/live/live-view.ts';

function fakeOutput(isTTY: boolean, columns = 80) {
  const writes: string[] = [];
  return { writes, isTTY, columns, write: (text: string) => void writes.push(text.replaceAll('\x1b', '^')) };
}

describe('LiveView', () => {
  it('draws each frame over the last one, one write a frame', () => {
    const output = fakeOutput(true);
    const view = new LiveView(output);
    view.draw(['one', 'two']);
    view.draw(['three']);
    expect(output.writes).toEqual(['^[?25l\r^[Kone\n^[Ktwo\n^[J', '^[2A\r^[Kthree\n^[J']);
  });

  it('puts the terminal back once, however often it is stopped, and draws nothing after', () => {
    const output = fakeOutput(true);
    const view = new LiveView(output);
    view.draw(['one']);
    view.stop();
    view.stop();
    view.draw(['two']);
    expect(output.writes.slice(1)).toEqual(['^[1A\r^[J^[?25h']);
  });

  it('leaves a terminal alone that it never drew on', () => {
    const output = fakeOutput(true);
    new LiveView(output).stop();
    expect(output.writes).toEqual([]);
  });

  it('prints lines that stay above the frame', () => {
    const output = fakeOutput(true);
    const view = new LiveView(output);
    view.print('before');
    view.draw(['frame']);
    view.print('during');
    view.stop();
    view.print('after');
    expect(output.writes).toEqual([
      'before\n',
      '^[?25l\r^[Kframe\n^[J',
      '^[1A\r^[Kduring\n^[Kframe\n^[J',
      '^[1A\r^[J^[?25h',
      'after\n',
    ]);
  });

  it('counts the rows of lines that a narrower terminal has broken', () => {
    const output = fakeOutput(true, 80);
    const view = new LiveView(output);
    view.draw([`\x1b[1m${'x'.repeat(70)}\x1b[0m`, 'short', '']);
    output.columns = 30;
    view.draw(['next']);
    expect(output.writes[1]).toBe('^[5A\r^[Knext\n^[J');
  });

  it('draws nothing where there is no terminal, but prints', () => {
    const output = fakeOutput(false);
    const view = new LiveView(output);
    view.draw(['frame']);
    view.print('line');
    view.stop();
    expect(output.writes).toEqual(['line\n']);
  });
});
