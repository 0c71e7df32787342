import type { StudyHold } from '../../results/study/study-hold.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import { exactPercent, formatSeconds } from '../../time/units.ts';
import { drawn, folded, heading, type Span, span, type TextStyle, type Tone, wrapped } from '../text/spans.ts';
import { type Column, table } from '../text/table.ts';
import { heldTime, holdRemark, PURPOSE_WORDS, questionOf, RESULT_WORDS, shortLoad } from './study-words.ts';

const COLUMNS: readonly Column[] = [
  { title: '#', align: 'right' },
  { title: 'load', align: 'right' },
  { title: 'why', align: 'left' },
  { title: 'result', align: 'left' },
  { title: 'good windows', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'max', align: 'right' },
  { title: 'what was lost', align: 'left', shrinkTo: 8 },
];

const TONES: Readonly<Record<StudyHold['result'], Tone>> = {
  lower: 'good',
  upper: 'bad',
  undecided: 'dim',
  limited: 'warn',
};

/** A study as text for a terminal, ended by a newline: its answer, its holds, and what a reader should know besides. */
export function renderStudy(study: StudySummary, style: TextStyle): string {
  const sections = [
    answerSection(study, style),
    titleSection(study, style),
    holdsSection(study, style),
    warnings(study, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function answerSection({ answer, expected }: StudySummary, style: TextStyle): string[] {
  const isAnswered = answer.lower !== undefined;
  const mark = isAnswered ? (style.unicode ? '✓ ' : '+ ') : style.unicode ? '✗ ' : 'x ';
  const lines = wrapped([span(mark, isAnswered ? 'good' : 'bad')], span(answer.sentence, 'strong'), style);
  if (expected === undefined) return lines;
  const [tone, word]: [Tone, string] = expected.passed ? ['good', 'proved'] : ['bad', 'not proved'];
  return [...lines, drawn([span('  expected '), span(expected.source, 'strong'), span(': '), span(word, tone)], style)];
}

function titleSection(study: StudySummary, style: TextStyle): string[] {
  const { scenario, settings, elapsedSec, search, holds, startedAt } = study;
  const separator = style.unicode ? ' · ' : ', ';
  const arrow = style.unicode ? '→ ' : '-> ';
  const facts = [
    `${shortLoad(settings.from, search)} to ${shortLoad(settings.to, search)}`,
    `precision ${exactPercent(settings.precision)}`,
    `${holds.length} holds in ${formatSeconds(elapsedSec)}`,
    `started ${startedAt.replace(/\.\d+Z$/, 'Z')}`,
  ];
  return [
    drawn([span(scenario.name, 'heading'), span(' '), span(arrow, 'dim'), span(scenario.target, 'strong')], style),
    ...wrapped([span('goals ', 'dim')], span(settings.goals.join(separator)), style),
    ...folded(facts, separator, 'dim', style),
  ];
}

function holdsSection(study: StudySummary, style: TextStyle): string[] {
  if (study.holds.length === 0) return [];
  const rows = study.holds.map((hold) => holdRow(hold, study));
  return [heading(questionOf(study), style), ...table(COLUMNS, rows, style)];
}

function holdRow(hold: StudyHold, { search }: StudySummary): Span[] {
  const { number, load, purpose, result, windows } = hold;
  const valid = windows.good + windows.bad;
  return [
    span(String(number), 'dim'),
    span(shortLoad(load, search), 'strong'),
    span(PURPOSE_WORDS[purpose], 'dim'),
    span(RESULT_WORDS[result], TONES[result]),
    span(`${windows.good} of ${valid}`),
    span(heldTime(hold, 'p50Us')),
    span(heldTime(hold, 'p99Us')),
    span(heldTime(hold, 'maxUs')),
    span(holdRemark(hold), 'dim'),
  ];
}

function warnings({ warnings: words }: StudySummary, style: TextStyle): string[] {
  return words.flatMap((text) => wrapped([span('warning: ', 'warn')], span(text), style));
}
