import { describe, expect, it } from 'vitest';
import { checkGates, readGate } from '../../../../src/report/compare/gate.ts';
import { type ComparedStudy, judgedStudies, studyDifference } from '../../../../src/report/study/study-comparison.ts';
import { renderStudyComparisonPage } from '../../../../src/report/study/study-comparison-page.ts';
import { studyComparisonReport } from '../../../../src/report/study/study-comparison-report.ts';
import { renderStudyComparison } from '../../../../src/report/study/study-comparison-text.ts';
import { studyGateNames, studyRegressions } from '../../../../src/report/study/study-gates.ts';
import { comparisonReportSchema } from '../../../../src/results/comparison/comparison-report.ts';
import type { StudySummary } from '../../../../src/results/study/study-summary.ts';
import { foundStudy } from '../../../fixtures/study/study-summary.ts';

const STYLE = { columns: 100, color: false, unicode: true };
const ASSETS = { script: '', scriptHash: '', libraryStyle: '' };

/** A study that found these bounds; without one, it did not find it. */
function withBounds(lower: number | undefined, upper: number | undefined): StudySummary {
  const { answer } = foundStudy();
  const { lower: ownLower, upper: ownUpper, ...rest } = answer;
  if (ownLower === undefined || ownUpper === undefined) throw new Error('a study has bounds');
  return foundStudy({
    answer: {
      ...rest,
      ...(lower === undefined ? {} : { lower: { ...ownLower, load: lower } }),
      ...(upper === undefined ? {} : { upper: { ...ownUpper, load: upper } }),
    },
  });
}

function ended(study: StudySummary, ending: StudySummary['answer']['ending']): StudySummary {
  return { ...study, answer: { ...study.answer, ending } };
}

const first: ComparedStudy = { letter: 'A', name: 'before', study: withBounds(673, 703) };

function beside(study: StudySummary): ComparedStudy {
  return { letter: 'B', name: 'after', study };
}

function regression(study: StudySummary, before = first) {
  return studyRegressions(judgedStudies([before, beside(study)]))[0];
}

describe('two studies', () => {
  it.each([
    [710, 740, 'better'],
    [703, 740, 'better'],
    [690, 720, 'same'],
    [640, 670, 'worse'],
    [640, 673, 'worse'],
    [640, 680, 'same'],
    [undefined, 100, 'worse'],
    [690, undefined, 'unknown'],
  ] as const)('of which the second found %s and %s: %s', (lower, upper, judgement) => {
    expect(studyDifference(first, beside(withBounds(lower, upper)))).toMatchObject({ judgement });
  });

  it.each([
    [640, 670, 0.04, 'worse'],
    [640, 670, 0.05, 'same'],
    [710, 740, 0.06, 'same'],
    [undefined, 100, 0.5, 'worse'],
  ] as const)(
    'of which the second found %s and %s, with a tolerance of %f: %s',
    (lower, upper, tolerance, judgement) => {
      expect(studyDifference(first, beside(withBounds(lower, upper)), tolerance).judgement).toBe(judgement);
    },
  );

  it('are not judged where the generator was the limit', () => {
    const { answer } = withBounds(1_000, 1_050);
    const limited = answer.upper && { ...answer.upper, isGenerator: true };
    const limitedFirst = { ...first, study: foundStudy({ answer: { ...answer, upper: limited } }) };
    expect(studyDifference(limitedFirst, beside(withBounds(1_100, 1_150))).judgement).toBe('unknown');
  });

  it('are not judged if they searched for different things', () => {
    const study = { ...withBounds(100, 110), search: 'sessions' as const };
    expect(studyDifference(first, beside(study))).toMatchObject({ judgement: 'unknown', mayBeWorse: true });
  });

  it('differ if only one of them recovered from its overload, whatever the bounds say', () => {
    const fallen = ended(withBounds(710, 740), 'metastable');
    expect(studyDifference(first, beside(fallen))).toMatchObject({ judgement: 'worse' });
    expect(studyDifference({ ...first, study: fallen }, beside(withBounds(673, 703))).judgement).toBe('better');
  });
});

describe('the condition regression', () => {
  it.each([
    ['fails what is worse', withBounds(640, 670), true],
    ['passes what overlaps', withBounds(640, 680), false],
    ['passes what is better', withBounds(710, 740), false],
    ['passes what holds as much, though nothing was too much for it', withBounds(673, undefined), false],
    ['fails what nothing is known of', withBounds(undefined, undefined), true],
    ['fails what was shown to hold less, and not more', withBounds(640, undefined), true],
  ])('%s', (_what, study, hasFailed) => {
    expect(regression(study)).toMatchObject({ source: 'regression', run: 'B', hasFailed });
  });

  it('says what it goes by', () => {
    expect(regression(withBounds(640, 670))?.found).toBe('worse: 670/s did not hold, and 673/s did in A');
  });
});

describe('a condition on studies', () => {
  function check(source: string, study: StudySummary) {
    const parsed = readGate(source, studyGateNames('rate'));
    if (!parsed.ok) throw new Error(parsed.fault);
    return checkGates(
      [parsed.gate],
      [
        { letter: 'A', summary: first.study },
        { letter: 'B', summary: study },
      ],
    )[0];
  }

  it.each([
    ['capacity < -5%', withBounds(640, 670), false],
    ['capacity < -4%', withBounds(640, 670), true],
    ['capacity < -30/s', withBounds(640, 670), true],
    ['capacity.upper < -5%', withBounds(640, 703), false],
    ['capacity < -50%', withBounds(undefined, 100), true],
    ['capacity.upper < -50%', withBounds(673, undefined), true],
  ])('%s', (source, study, hasFailed) => {
    expect(check(source, study)?.hasFailed).toBe(hasFailed);
  });

  it('tells the change, or why there is none', () => {
    expect(check('capacity < -4%', withBounds(640, 670))?.found).toBe('-4.9%, 673/s to 640/s');
    expect(check('capacity < -4%', withBounds(undefined, 100))?.found).toBe('no data in B: no load holds');
  });

  it.each([
    ['capacty < -1%', /unknown metric capacty; .*Did you mean capacity\?/],
    ['capacity', /is not a condition\. Expected `regression`, or METRIC/],
    ['capacity < 10%', /10% cannot be a change of capacity/],
    ['response.p99 > +10%', /unknown metric response\.p99; studies have capacity, capacity\.upper, capacity\.good/],
  ])('%s is none', (source, fault) => {
    const parsed = readGate(source, studyGateNames('rate'));
    expect(parsed.ok ? '' : parsed.fault).toMatch(fault);
  });

  it('is about sessions where those were searched for', () => {
    expect(readGate('capacity < -100', studyGateNames('sessions')).ok).toBe(true);
    expect(readGate('capacity.good < -10%', studyGateNames('sessions')).ok).toBe(false);
  });
});

describe('studies side by side', () => {
  const other = beside({
    ...withBounds(640, 670),
    settings: { ...foundStudy().settings, goals: ['response.p99 < 50ms'] },
  });
  const judged = judgedStudies([first, other]);
  const gates = studyRegressions(judged);

  it('stand on the terminal with what makes them differ', () => {
    const text = renderStudyComparison(judged, gates, STYLE, false);
    expect(text).toContain('-4.9%');
    expect(text).toContain('B has other goals than A: response.p99 < 1s, accepted.ratio >= 99% to response.p99 < 50ms');
    expect(text).toMatch(/B {2}worse {2}670\/s did not hold, and 673\/s did in A/);
    expect(text).toMatch(/FAILED {2}regression/);
    expect(text).not.toContain('All loads');
  });

  it('are said to be the same where they are', () => {
    expect(renderStudyComparison(judgedStudies([first, beside(first.study)]), [], STYLE, false)).toContain(
      'Same scenario, seed and search: any-broker',
    );
  });

  it('tell each load, if that is asked for', () => {
    const lines = renderStudyComparison(judged, gates, STYLE, true).split('\n');
    expect(lines).toContain('All loads');
    expect(lines).toContain('  703/s  too much  1.4ms  3ms  too much  1.4ms  3ms');
  });

  it('are not wider than the terminal', () => {
    for (const columns of [60, 80, 100]) {
      const lines = renderStudyComparison(judged, gates, { ...STYLE, columns }, true).split('\n');
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
    }
  });

  it('have a page with their holds over one axis, and each one its bounds', () => {
    const page = renderStudyComparisonPage(judged, gates, ASSETS);
    expect(page).toContain('✗ B: worse');
    expect(page).toContain('A: 673/s holds, 703/s does not');
    expect(page).toContain('<div class="plot" id="p99">');
    expect(page).toContain('<code>capacity.upper</code>');
  });

  it('are read by other programs as the schema says', () => {
    const report = studyComparisonReport(judged, gates, '0.1.0');
    expect(comparisonReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      of: 'studies',
      exitCode: 99,
      judgements: [{ letter: 'B', judgement: 'worse', worse: ['capacity'] }],
      conditions: [{ source: 'regression', letter: 'B', hasFailed: true }],
    });
    expect(report.metrics[0]).toMatchObject({
      name: 'capacity',
      values: [
        { letter: 'A', value: 673 },
        { letter: 'B', value: 640, difference: -33 },
      ],
    });
  });
});
