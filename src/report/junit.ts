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
  const cases = [
    { name: 'the measurements are reliable', fault: trust },
    ...summary.thresholds.map((threshold) => ({ name: threshold.source, fault: faultOf(threshold) })),
  ];
  const failures = cases.filter(({ fault }) => fault !== undefined).length;
  const name = attribute(`fleetstorm ${summary.scenario.name}`);
  const time = summary.elapsedSec.toFixed(3);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fleetstorm" ${counts} time="${time}">`,
    `  <testsuite name="${name}" ${counts} skipped="0" timestamp="${summary.startedAt.slice(0, 19)}" time="${time}">`,
    '    <properties>',
    ...properties(summary).map(([key, value]) => `      <property name="${key}" value="${attribute(value)}"/>`),
    '    </properties>',
    ...cases.flatMap((one) => caseLines(one, summary.scenario.name)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function properties({ scenario, exitCode, tool }: Summary): [string, string][] {
  return [
    ['target', scenario.target],
    ['seed', String(scenario.seed)],
    ['exitCode', `${exitCode} ${EXIT_CODE_WORDS[exitCode] ?? ''}`.trim()],
    ['tool', `${tool.name} ${tool.version}`],
  ];
}

function caseLines({ name, fault }: { name: string; fault: string | undefined }, scenario: string): string[] {
  const head = `    <testcase name="${attribute(name)}" classname="${attribute(scenario)}"`;
  if (fault === undefined) return [`${head}/>`];
  return [`${head}>`, `      <failure message="${attribute(fault)}"/>`, '    </testcase>'];
}

function faultOf(threshold: ThresholdResult): string | undefined {
  if (threshold.passed) return undefined;
  return threshold.actual === undefined ? thresholdFinding(threshold) : `measured ${thresholdFinding(threshold)}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes control characters too, which XML 1.0 does not allow at all. */
function attribute(text: string): string {
  return escapeControls(text).replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
