import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderSummary } from '../../../../src/report/text/summary-text.ts';
import { textWidth } from '../../../../src/report/text/text.ts';
import { type Summary, summarySchema } from '../../../../src/results/summary/summary.ts';
import { quickstart, storm } from '../fixtures.ts';

const CASES: readonly [string, Summary][] = [
  ['quickstart', quickstart],
  ['storm', storm],
];

function golden(name: string): string {
  return new URL(`../../../golden/${name}.txt`, import.meta.url).pathname;
}

describe.each(CASES)('summary of %s', (name, summary) => {
  it('is made from a valid summary', () => {
    expect(summarySchema.safeParse(summary).error).toBeUndefined();
  });

  it.each([80, 200])('looks as it should at %i columns', async (columns) => {
    const text = renderSummary(summary, { columns, color: false, unicode: true });
    await expect(text).toMatchFileSnapshot(golden(`summary-${name}-${columns}`));
  });

  it('looks as it should in ASCII', async () => {
    const text = renderSummary(summary, { columns: 80, color: false, unicode: false });
    await expect(text).toMatchFileSnapshot(golden(`summary-${name}-ascii`));
  });

  it('looks as it should in colour', async () => {
    const text = renderSummary(summary, { columns: 80, color: true, unicode: true });
    await expect(text.replaceAll('\x1b', '<ESC>')).toMatchFileSnapshot(golden(`summary-${name}-colour`));
  });

  it('says the same with colours and without', () => {
    const plain = renderSummary(summary, { columns: 100, color: false, unicode: true });
    expect(stripVTControlCharacters(renderSummary(summary, { columns: 100, color: true, unicode: true }))).toBe(plain);
  });

  it.each([40, 60, 80, 119, 120, 200])('keeps within %i columns', (columns) => {
    const lines = renderSummary(summary, { columns, color: false, unicode: true }).split('\n');
    expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
  });
});

describe('renderSummary', () => {
  it('lets no control character of a scenario through', () => {
    const text = renderSummary(storm, { columns: 200, color: false, unicode: true });
    expect(text).toContain('storm \\u001b[31mred\\u0007\\u202e and 设备重连');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('tells planned attempts that have no outcome beside those that have one', () => {
    const [accepted] = quickstart.total.outcomes;
    if (accepted === undefined) throw new Error('the fixture has an outcome');
    const total = {
      ...quickstart.total,
      attempts: { planned: 1000, firstPlanned: 1000, started: 300, retries: 0, unfinished: 30, notStarted: 700 },
      outcomes: [{ ...accepted, count: 270, share: 0.27 }],
    };
    const lines = renderSummary({ ...quickstart, total }, { columns: 100, color: false, unicode: false }).split('\n');
    expect(lines).toContain('  started 300  first planned 1,000  retries 0  unfinished 30  not started 700');
    const rows = lines
      .filter((text) => /^ {2}(0 +accepted|-) /.test(text))
      .map((text) => text.replaceAll(/ {2,}/g, ' ').trim());
    expect(rows).toEqual([
      '0 accepted 270 27.0% ###',
      '- unfinished cut short before their outcome 30 3.0% #',
      '- not started planned, and never begun by this machine 700 70.0% ########',
    ]);
  });

  it('tells what was seen of the ends of sessions, the first three kinds of each', () => {
    const kinds = [3, 2, 1, 1].map((count, index) => ({ detail: `kind ${index}`, count }));
    const total = {
      ...{ ...quickstart.total, ended: { stopped: 5, 'protocol-error': 7, reset: 2 } },
      endDetails: { 'protocol-error': kinds, reset: [{ detail: 'ECONNRESET 127.0.0.1:1883', count: 2 }] },
    };
    const text = renderSummary({ ...quickstart, total }, { columns: 80, color: false, unicode: true });
    const section = text.slice(text.indexOf('Sessions ended')).split('\n\n')[0]?.split('\n');
    expect(section?.map((line) => line.trimEnd())).toEqual([
      'Sessions ended',
      '  protocol-error  7',
      '    3 x kind 0',
      '    2 x kind 1',
      '    1 x kind 2',
      '    and 1 more',
      '  stopped         5',
      '  reset           2',
      '    2 x ECONNRESET 127.0.0.1:1883',
    ]);
  });

  it('says so when no attempt had an outcome', () => {
    const empty = { ...quickstart.total, outcomes: [], latency: {}, ended: {} };
    const text = renderSummary({ ...quickstart, total: empty }, { columns: 80, color: false, unicode: true });
    expect(text).toContain('no attempt had an outcome');
    expect(text).not.toContain('Latency');
  });
});
