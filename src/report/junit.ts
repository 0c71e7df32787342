import { replaceFile } from '../files/replace-file.ts';
import { EXIT_CODE_WORDS } from '../results/exit-codes.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { ThresholdResult } from '../results/summary/threshold-result.ts';
import { escapeControls } from '../text/safe-text.ts';
import { thresholdFinding } from './words/figures.ts';

/** Writes the thresholds as JUnit test cases. Rejects when the file cannot be written. */
export async function writeJunit(summary: Summary, path: string): Promise<void> {
  await replaceFile(path, renderJunit(summary));
}

/** The thresholds as JUnit XML: one test case per threshold, and one for whether the measurements are reliable. */
export function renderJunit(summary: Summary): string {
  const { verdict, reasons } = summary.verdict;
  const trust = verdict === 'valid' ? undefined : [verdict, ...reasons].join('; ');
  return junitXml(summary, [
    { name: 'the measurements are reliable', failure: trust },
    ...summary.thresholds.map((threshold) => ({ name: threshold.source, failure: failureOf(threshold) })),
  ]);
}

/** What test cases are about. */
export interface JunitSubject {
  readonly scenario: Pick<Summary['scenario'], 'name' | 'target' | 'seed'>;
  readonly tool: Summary['tool'];
  readonly startedAt: string;
  readonly elapsedSec: number;
  readonly exitCode: number;
}

/** A test case, and why it failed; undefined if it passed. */
export interface JunitCase {
  readonly name: string;
  readonly failure: string | undefined;
}

/** A suite of test cases. `more`: properties besides those that every suite has. */
export function junitXml(
  subject: JunitSubject,
  cases: readonly JunitCase[],
  more: readonly (readonly [name: string, value: string])[] = [],
): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const name = attribute(`fleetstorm ${subject.scenario.name}`);
  const time = subject.elapsedSec.toFixed(3);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  const known = [...properties(subject), ...more];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fleetstorm" ${counts} time="${time}">`,
    `  <testsuite name="${name}" ${counts} skipped="0" timestamp="${subject.startedAt.slice(0, 19)}" time="${time}">`,
    '    <properties>',
    ...known.map(([key, value]) => `      <property name="${key}" value="${attribute(value)}"/>`),
    '    </properties>',
    ...cases.flatMap((one) => caseLines(one, subject.scenario.name)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function properties({ scenario, exitCode, tool }: JunitSubject): [string, string][] {
  return [
    ['target', scenario.target],
    ['seed', String(scenario.seed)],
    ['exitCode', `${exitCode} ${EXIT_CODE_WORDS[exitCode] ?? ''}`.trim()],
    ['tool', `${tool.name} ${tool.version}`],
  ];
}

function caseLines({ name, failure }: JunitCase, scenario: string): string[] {
  const head = `    <testcase name="${attribute(name)}" classname="${attribute(scenario)}"`;
  if (failure === undefined) return [`${head}/>`];
  return [`${head}>`, `      <failure message="${attribute(failure)}"/>`, '    </testcase>'];
}

function failureOf(threshold: ThresholdResult): string | undefined {
  if (threshold.passed) return undefined;
  return threshold.actual === undefined ? thresholdFinding(threshold) : `measured ${thresholdFinding(threshold)}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes control characters too, which XML 1.0 does not allow at all. */
function attribute(text: string): string {
  return escapeControls(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
