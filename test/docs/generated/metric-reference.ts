import { attemptsHeader } from '../../../src/outlets/attempts/attempt-rows.ts';
import { KEPT_STATISTICS } from '../../../src/results/names/distribution-names.ts';
import type { MetricUnit } from '../../../src/results/names/metric.ts';
import { findMetric, knownMetricNames } from '../../../src/results/names/metric-names.ts';
import { AUTH_CODE_NAMES, CONNACK_NAMES, MEASURES, PHASES } from '../../../src/results/outcome.ts';
import { code, generatedNote, sentence, table } from '../markdown.ts';
import {
  ATTEMPT_COLUMN_WORDS,
  END_CAUSE_WORDS,
  FIGURE_WORDS,
  MEASURE_WORDS,
  OUTCOME_WORDS,
  STATISTIC_WORDS,
} from './figure-words.ts';
import { prometheusTable } from './prometheus-table.ts';
import { summaryTables } from './summary-tables.ts';

const UNIT_WORDS: Readonly<Record<MetricUnit, string>> = {
  us: 'duration',
  ratio: 'share',
  count: 'number',
  'per-sec': 'rate',
};

/** The page of all names of figures: those of thresholds, result files and Prometheus. */
export function metricReference(): string {
  return `${[
    '# Metric reference',
    generatedNote('the tables of the program'),
    INTRO,
    ...thresholdParts(),
    ...outcomeParts(),
    ...summaryTables(),
    ...attemptParts(),
    ...prometheusTable(),
  ].join('\n\n')}\n`;
}

const INTRO = `Every name a figure has: in [thresholds](#what-a-threshold-may-name), as [outcomes](#outcomes), in
[summary.json](#summaryjson) and [timeline.ndjson](#timelinendjson), in the file of [\`--attempts\`](#columns-of---attempts) and on
[\`--prometheus\`](#prometheus). [Reading results](results.md) explains how they belong together.`;

function thresholdParts(): string[] {
  return [
    '## What a threshold may name',
    `A threshold is \`METRIC OPERATOR LIMIT\`: \`response.p99 < 500ms\`. Operators are \`<\`, \`<=\`, \`>\`, \`>=\` and \`==\`. In front of a metric
may stand the name of a fleet: \`meters.accepted.ratio >= 99.9%\`. A threshold without data fails. \`compare --fail-if\` knows the same names.`,
    limitTable(),
    '### Latencies',
    `\`MEASURE.STATISTIC\` is of accepted attempts: \`response.p99\`. \`MEASURE.OUTCOME.STATISTIC\` is of attempts with that
[outcome](#outcomes): \`service.refused-3.p50\`. All are durations, except \`count\`.`,
    table(
      ['measure', 'meaning'],
      MEASURES.map((name) => [code(name), sentence(MEASURE_WORDS[name])]),
    ),
    table(['statistic', 'meaning'], statisticRows()),
    `The phases \`${PHASES.join('`, `')}\` do not overlap. \`kicks.period\` (time between two kicks of a device) and \`kicks.lifetime\` (how long a
kicked session lived) take the same statistics.`,
    '### Counts, shares and rates',
    table(['metric', 'limit', 'meaning'], figureRows()),
    `Recovery metrics are the worst of all disturbances; without one they have no data. \`OUTCOME.ratio\` is a share of all planned attempts.`,
  ];
}

function limitTable(): string {
  const examples: Readonly<Record<MetricUnit, string>> = {
    us: '`500ms`, `1.5s`',
    ratio: '`99.9%`, `0.999`',
    count: '`1000`',
    'per-sec': '`500/s`, `3000/m`',
  };
  const rows = Object.entries(UNIT_WORDS).map(([unit, words]) => [words, examples[unit as MetricUnit]]);
  return table(['limit', 'written as'], rows);
}

function statisticRows(): string[][] {
  const named = KEPT_STATISTICS.filter((name) => name in STATISTIC_WORDS);
  return named.map((name) => {
    const names = name === 'p90' ? KEPT_STATISTICS.filter((one) => /^p(?!50)/.test(one)) : [name];
    return [names.map(code).join(', '), sentence(STATISTIC_WORDS[name] ?? '')];
  });
}

function figureRows(): string[][] {
  const families: string[][] = [
    [
      '`OUTCOME.count`, `failed.count`',
      'number',
      'Attempts with an [outcome](#outcomes); `failed`: with any but `accepted`.',
    ],
    ['`OUTCOME.ratio`, `failed.ratio`', 'share', 'The same as a share of all planned attempts.'],
    [
      '`auth-CODE.count`, `auth-CODE.ratio`',
      'number, share',
      'Replies to HTTPS logins with that code; 200 is a token.',
    ],
    ['`ended.CAUSE.count`', 'number', 'Sessions that ended for a [cause](#why-sessions-end).'],
  ];
  const figures = knownMetricNames().filter((name) => !isOfFamily(name));
  return [...families, ...figures.map((name) => [code(name), unitOf(name), sentence(wordsOf(name))])];
}

/** Names made of an outcome, a cause or a measure are told once, by their form. */
function isOfFamily(name: string): boolean {
  if (name in FIGURE_WORDS) return false;
  return (
    /^(?:ended|kicks\.(?:period|lifetime))\./.test(name) ||
    /\.(?:ratio|p\d+|min|mean|max)$/.test(name) ||
    /\.count$/.test(name)
  );
}

function unitOf(name: string): string {
  const metric = findMetric(name);
  if (metric === undefined) throw new Error(`no metric is called ${name}`);
  return UNIT_WORDS[metric.unit];
}

function wordsOf(name: string): string {
  const words = FIGURE_WORDS[name];
  if (words === undefined) throw new Error(`${name} needs words in figure-words.ts`);
  return words;
}

function outcomeParts(): string[] {
  return [
    '## Outcomes',
    'How an attempt ended: exactly one of these.',
    table(
      ['outcome', 'meaning'],
      [...Object.entries(OUTCOME_WORDS).map(([name, words]) => [code(name), sentence(words)]), ...codeRows()],
    ),
    `Of codes and HTTP statuses that are not listed here, the first 16 of a run have outcomes of their own, and the others are \`auth-other\`.`,
    '### Why sessions end',
    table(
      ['cause', 'meaning'],
      Object.entries(END_CAUSE_WORDS).map(([name, words]) => [code(name), sentence(words)]),
    ),
  ];
}

function codeRows(): string[][] {
  const connack = Object.entries(CONNACK_NAMES).filter(([number]) => number !== '0');
  const auth = Object.entries(AUTH_CODE_NAMES).filter(([number]) => number !== '200');
  return [
    ...connack.map(([number, name]) => [code(`refused-${number}`), `CONNACK ${number}: ${name}.`]),
    ...auth.map(([number, name]) => [code(`auth-${number}`), `The HTTPS login was answered with ${number}: ${name}.`]),
    ['`auth-http-STATUS`', 'It was answered with that HTTP status, and no code.'],
    ['`auth-redirect`', 'It was answered with a redirect; redirects are not followed.'],
    ['`auth-malformed`, `auth-oversized`', 'The answer is not a reply to a login, or far too long.'],
    ['`auth-closed`', 'The connection was closed before the whole reply was there.'],
    ['`auth-timeout`', 'There was no whole reply before `connectTimeout`.'],
    [
      '`auth-dns-failed`, `auth-tcp-refused`, `auth-tcp-reset`, `auth-tcp-timeout`, `auth-tls-failed`',
      'As above, on the way to the login service.',
    ],
  ];
}

function attemptParts(): string[] {
  const columns = attemptsHeader({ addresses: ['one of several'], hasAgents: true })
    .trim()
    .split(',');
  const rows = columns.map((name) => [code(name), sentence(ATTEMPT_COLUMN_WORDS[name] ?? phaseWords(name))]);
  return [
    '## Columns of --attempts',
    'One row per attempt that had an outcome. Columns that end in `_us` are microseconds.',
    table(['column', 'meaning'], rows),
    'Attempts that were cut before they had an outcome have no row.',
  ];
}

function phaseWords(column: string): string {
  const measure = MEASURES.find((name) => column === `${name.replace('-', '_')}_us`);
  if (measure === undefined) throw new Error(`the column ${column} needs words in figure-words.ts`);
  return `${MEASURE_WORDS[measure]}; empty if it did not happen or did not finish`;
}
