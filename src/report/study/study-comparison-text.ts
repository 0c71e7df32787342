import { drawn, heading, type Span, span, type TextStyle, type Tone, wrapped } from '../text/spans.ts';
import { type Column, table } from '../text/table.ts';
import {
  type ComparedStudy,
  type StudyDifference,
  type StudyJudgement,
  studyCaveats,
  studyDifference,
} from './study-comparison.ts';
import { shortLoad } from './study-words.ts';

const COLUMNS: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'study', align: 'left', shrinkTo: 12 },
  { title: 'holds', align: 'right' },
  { title: 'does not', align: 'right' },
  { title: 'good', align: 'right' },
  { title: 'failed first', align: 'left' },
  { title: 'change', align: 'right' },
  { title: 'judged', align: 'left' },
];

const TONES: Readonly<Record<StudyJudgement, Tone>> = { better: 'good', worse: 'bad', same: 'plain', unknown: 'dim' };
const WORDS: Readonly<Record<StudyJudgement, string>> = {
  better: 'better',
  worse: 'worse',
  same: 'no difference beyond the precision',
  unknown: 'not known',
};

/** Studies beside the first of them, as text for a terminal, ended by a newline. */
export function renderStudyComparison(studies: readonly ComparedStudy[], style: TextStyle): string {
  const [first, ...others] = studies;
  if (first === undefined) return '';
  const rows = studies.map((one) => studyRow(one, one === first ? undefined : studyDifference(first, one)));
  const caveats = others.flatMap((other) => studyCaveats(first, other));
  const lines = [
    heading('Capacity', style),
    ...table(COLUMNS, rows, style),
    '',
    ...studies.flatMap(({ letter, study }) =>
      wrapped([span(`${letter}  `, 'strong')], span(study.answer.sentence), style),
    ),
    ...(caveats.length === 0
      ? []
      : ['', ...caveats.map((words) => drawn([span('note: ', 'warn'), span(words)], style))]),
  ];
  return `${lines.join('\n')}\n`;
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
    span(difference?.change === undefined ? '' : changeWords(difference.change)),
    difference === undefined ? span('', 'dim') : span(WORDS[difference.judgement], TONES[difference.judgement]),
  ];
}

function changeWords(change: number): string {
  return `${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)}%`;
}
