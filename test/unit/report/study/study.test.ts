import { describe, expect, it } from 'vitest';
import { studyData } from '../../../../src/report/study/study-charts.ts';
import { studyDifference } from '../../../../src/report/study/study-comparison.ts';
import { renderStudyComparison } from '../../../../src/report/study/study-comparison-text.ts';
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
    const { charts, columns } = studyData(foundStudy());
    expect(charts.map(({ id, kind }) => [id, kind])).toEqual([
      ['response', 'points'],
      ['parts', 'stack'],
    ]);
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
    expect(page.match(/<tr><td/g)).toHaveLength(3);
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

describe('two studies', () => {
  const withBounds = (lower: number, upper: number) => {
    const { answer } = foundStudy();
    if (answer.lower === undefined || answer.upper === undefined) throw new Error('a study has bounds');
    return foundStudy({
      answer: { ...answer, lower: { ...answer.lower, load: lower }, upper: { ...answer.upper, load: upper } },
    });
  };
  const first = { letter: 'A', name: 'before', study: withBounds(673, 703) };

  it.each([
    [710, 740, 'better'],
    [703, 740, 'better'],
    [690, 720, 'same'],
    [640, 670, 'worse'],
    [640, 680, 'same'],
  ] as const)('of which the second found %i and %i: %s', (lower, upper, judgement) => {
    expect(studyDifference(first, { letter: 'B', name: 'after', study: withBounds(lower, upper) })).toMatchObject({
      judgement,
    });
  });

  it('are not judged where the generator was the limit', () => {
    const { answer } = withBounds(1_000, 1_050);
    const limited = answer.upper && { ...answer.upper, isGenerator: true };
    const limitedFirst = { ...first, study: foundStudy({ answer: { ...answer, upper: limited } }) };
    const other = { letter: 'B', name: 'after', study: withBounds(1_100, 1_150) };
    expect(studyDifference(limitedFirst, other).judgement).toBe('unknown');
  });

  it('stand side by side, with what makes them differ', () => {
    const other = withBounds(710, 740);
    const study = { ...other, settings: { ...other.settings, goals: ['response.p99 < 50ms'] } };
    const text = renderStudyComparison([first, { letter: 'B', name: 'after', study }], STYLE);
    expect(text).toContain('+5.5%');
    expect(text).toContain('better');
    expect(text).toContain('note: A and B differ in goals');
  });
});
