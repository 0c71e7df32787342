import { describe, expect, it } from 'vitest';
import { studyData } from '../../../../src/report/study/study-charts.ts';
import { renderStudyPage } from '../../../../src/report/study/study-page.ts';
import { renderStudy } from '../../../../src/report/study/study-text.ts';
import { studySummarySchema } from '../../../../src/results/study/study-summary.ts';
import { foundStudy, studyHold } from '../../../fixtures/study/study-summary.ts';

const STYLE = { columns: 100, color: false, unicode: true };
const ASSETS = { script: '', scriptHash: '', libraryStyle: '' };

it('the summary of a study has a schema that it keeps', () => {
  expect(studySummarySchema.safeParse(foundStudy()).error?.issues ?? []).toEqual([]);
});

describe('a study on the terminal', () => {
  it('begins with its answer, and has a row for each hold', () => {
    const lines = renderStudy(foundStudy(), STYLE).split('\n');
    expect(lines[0]).toMatch(/^✓ 673 logins\/s: the goals held/);
    expect(lines).toContain('How many logins per second?');
    expect(lines.filter((line) => /^ +[123] +\d/.test(line))).toEqual([
      '  1  400/s  find     holds           5 of 5  1.4ms  3ms  7ms',
      '  2  703/s  narrow   too much        0 of 4  1.4ms  3ms  7ms  412 refused-3 in mqtt, 1 invalid',
      '  3  673/s  confirm  holds         60 of 60  1.4ms  3ms  7ms',
    ]);
  });

  it('says whether what was expected is proved, and warns', () => {
    const text = renderStudy(foundStudy({ expected: { source: '>= 700/s', passed: false }, warnings: ['odd'] }), STYLE);
    expect(text).toContain('expected >= 700/s: not proved');
    expect(text).toContain('warning: odd');
  });

  it('is not wider than the terminal', () => {
    for (const columns of [40, 60, 80]) {
      const lines = renderStudy(foundStudy(), { ...STYLE, columns }).split('\n');
      if (columns === 80) expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
    }
  });
});

describe('the page of a study', () => {
  it('draws the response against the load, and its parts stacked', () => {
    const { columns, ...data } = studyData(foundStudy());
    const charts = data.charts.filter((chart) => chart.kind !== 'heat');
    expect(charts.map(({ id, kind }) => [id, kind])).toEqual([
      ['response', 'points'],
      ['parts', 'stack'],
    ]);
    const [band] = charts[0]?.bands ?? [];
    expect(band).toMatchObject({ from: 673, to: 703, label: '673/s holds, 703/s does not' });
    expect(columns['load']).toEqual([400, 673, 703]);
    expect(columns['p99']).toEqual([3_000, 3_000, 3_000]);
    expect(columns['mqtt']).toEqual([1_100, 1_100, 1_100]);
    expect(columns['auth']).toBeUndefined();
  });

  it('takes the mean of holds of one load by their attempts', () => {
    const holds = [
      studyHold({ number: 1, load: 100 }),
      studyHold({
        number: 2,
        load: 100,
        phases: { waitUs: 0, authUs: 0, dnsUs: 0, tcpUs: 0, tlsUs: 0, mqttUs: 3_100 },
      }),
    ];
    expect(studyData(foundStudy({ holds })).columns['mqtt']).toEqual([2_100]);
  });

  it('escapes what names hold, and has each hold as a row', () => {
    const page = renderStudyPage(foundStudy({ warnings: ['<b>'] }), 'name: <i>', ASSETS);
    expect(page).toContain('&lt;b&gt;');
    expect(page).not.toContain('<i>x');
    const [, holds = '', windows = ''] = page.split('<tbody>');
    expect(holds.match(/<tr><td/g)).toHaveLength(3);
    expect(windows.match(/<tr><td/g)).toHaveLength(5);
    expect(windows).toContain('this tool was behind its plan');
    expect(page).toContain('412 refused-3 in mqtt');
  });

  it('shows a study without holds', () => {
    const { lower, upper, firstFailure, ...answer } = foundStudy().answer;
    expect([lower, upper, firstFailure]).not.toContain(undefined);
    const page = renderStudyPage(
      foundStudy({ holds: [], answer: { ...answer, ending: 'interrupted' } }),
      undefined,
      ASSETS,
    );
    expect(page).toContain('no load did');
  });
});
