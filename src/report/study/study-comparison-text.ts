import { gateLines } from '../compare/comparison-text.ts';
import { type GateResult, relativeWords } from '../compare/gate.ts';
import { percent } from '../compare/judgement.ts';
import { drawn, heading, type Span, span, type TextStyle, type Tone, wrapped } from '../text/spans.ts';
import { type Column, table } from '../text/table.ts';
import {
  type ComparedStudy,
  type JudgedStudies,
  type StudyDifference,
  type StudyJudgement,
  studyRuleWords,
} from './study-comparison.ts';
import { heldTime, JUDGEMENT_WORDS, RESULT_WORDS, shortLoad } from './study-words.ts';

const COLUMNS: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'study', align: 'left', shrinkTo: 12 },
  { title: 'holds', align: 'right' },
  { title: 'does not', align: 'right' },
  { title: 'good', align: 'right' },
  { title: 'failed first', align: 'left' },
  { title: 'change', align: 'right' },
];

const TONES: Readonly<Record<StudyJudgement, Tone>> = { better: 'good', worse: 'bad', same: 'good', unknown: 'warn' };

/** Studies beside the first of them, as text for a terminal, ended by a newline. `hasAll`: with what they found at each load. */
export function renderStudyComparison(
  judged: JudgedStudies,
  gates: readonly GateResult[],
  style: TextStyle,
  hasAll: boolean,
): string {
  const sections = [
    boundLines(judged, style),
    cautionLines(judged, style),
    hasAll ? loadLines(judged.studies, style) : [],
    judgementLines(judged, style),
    gateLines(gates, style),
  ].filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function boundLines({ studies, differences }: JudgedStudies, style: TextStyle): string[] {
  const rows = studies.map((one, at) => studyRow(one, differences[at - 1]));
  const sentences = studies.flatMap(({ letter, study }) =>
    wrapped([span(`  ${letter}  `, 'strong')], span(study.answer.sentence), style),
  );
  return [heading('Capacity', style), ...table(COLUMNS, rows, style), '', ...sentences];
}

function studyRow({ letter, name, study }: ComparedStudy, difference: StudyDifference | undefined): Span[] {
  const { answer, search } = study;
  const { lower, upper, firstFailure } = answer;
  return [
    span(letter, 'strong'),
    span(name),
    span(lower === undefined ? '-' : shortLoad(lower.load, search), 'strong'),
    span(upper === undefined ? '-' : `${shortLoad(upper.load, search)}${upper.isGenerator ? ' (generator)' : ''}`),
    span(lower === undefined ? '-' : `${lower.goodWindows} of ${lower.windows}`),
    span(firstFailure === undefined ? '-' : `${firstFailure.outcome} in ${firstFailure.phase}`),
    difference?.change === undefined
      ? span('')
      : span(relativeWords(1 + difference.change), TONES[difference.judgement]),
  ];
}

function cautionLines({ cautions, studies: [first] }: JudgedStudies, style: TextStyle): string[] {
  if (cautions.length === 0) {
    const name = first?.study.scenario.name ?? '';
    return [drawn([span('  Same scenario, seed and search: ', 'dim'), span(name, 'good')], style)];
  }
  const lead = [span(style.unicode ? '  • ' : '  * ', 'warn')];
  return [heading('Not the same', style), ...cautions.flatMap((text) => wrapped(lead, span(text), style))];
}

/** What each study found of each load that any of them held, by its last hold of it. */
function loadLines(studies: readonly ComparedStudy[], style: TextStyle): string[] {
  const loads = [...new Set(studies.flatMap(({ study }) => study.holds.map(({ load }) => load)))].sort((a, b) => a - b);
  const columns: Column[] = [
    { title: 'load', align: 'right' },
    ...studies.flatMap(({ letter }): Column[] => [
      { title: letter, align: 'left' },
      { title: 'p50', align: 'right' },
      { title: 'p99', align: 'right' },
    ]),
  ];
  const rows = loads.map((load) => [
    span(shortLoad(load, studies[0]?.study.search ?? 'rate'), 'strong'),
    ...studies.flatMap(({ study }) => {
      const hold = study.holds.findLast((one) => one.load === load);
      if (hold === undefined) return [span('-', 'dim'), span('-', 'dim'), span('-', 'dim')];
      return [span(RESULT_WORDS[hold.result]), span(heldTime(hold, 'p50Us')), span(heldTime(hold, 'p99Us'))];
    }),
  ]);
  return [heading('All loads', style), ...table(columns, rows, style)];
}

function judgementLines({ differences, tolerance }: JudgedStudies, style: TextStyle): string[] {
  if (differences.length === 0) return [];
  const lines = differences.flatMap(({ letter, judgement, why }) =>
    wrapped(
      [span(`  ${letter}  `, 'strong'), span(JUDGEMENT_WORDS[judgement], TONES[judgement]), span('  ')],
      span(why, 'dim'),
      style,
    ),
  );
  const rule = wrapped([span('  rule: ', 'dim')], span(studyRuleWords(tolerance), 'dim'), style);
  return [heading(tolerance === 0 ? 'Judgement' : `Judgement at ${percent(tolerance)}`, style), ...lines, ...rule];
}
