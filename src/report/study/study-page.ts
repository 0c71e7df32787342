import { readScenarioText } from '../../results/folder/read-scenario.ts';
import { HOLD_PARTS, type StudyHold } from '../../results/study/study-hold.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import { counted } from '../../text/counts.ts';
import { exactPercent, formatSeconds, formatUs } from '../../time/units.ts';
import { loadPageAssets, type PageAssets } from '../html/assets.ts';
import type { PageData } from '../html/data/page-data.ts';
import { type Content, html, type Markup } from '../html/markup.ts';
import { navigation, renderPage } from '../html/page.ts';
import {
  dataTable,
  facts,
  figure,
  foldedSection,
  type PageParts,
  section,
  split,
  state,
} from '../html/sections/parts.ts';
import { figureTiles, type Tile } from '../html/sections/tiles.ts';
import { meanUs, studyData } from './study-charts.ts';
import {
  failureWords,
  heldTime,
  holdRemark,
  PURPOSE_WORDS,
  questionOf,
  RESULT_WORDS,
  shortLoad,
} from './study-words.ts';

/** The most windows that are listed. */
const MOST_WINDOWS = 200;

/** The report of a study, from its summary and the scenario in its folder. Rejects if that cannot be read. */
export async function studyReport(folder: string, study: StudySummary): Promise<string> {
  return renderStudyPage(study, await readScenarioText(folder), await loadPageAssets());
}

/** The report of a study as one self-contained page. */
export function renderStudyPage(study: StudySummary, scenarioYaml: string | undefined, assets: PageAssets): string {
  const data = studyData(study);
  const sections = [
    answerSection(study, data),
    holdsSection(study),
    windowsSection(study),
    howSection(study),
    scenarioYaml === undefined
      ? undefined
      : foldedSection('scenario', 'Scenario', 'What was held: the scenario, defaults filled in', [
          html`<pre>${scenarioYaml}</pre>`,
        ]),
  ];
  const { scenario, answer, startedAt, elapsedSec, tool } = study;
  return renderPage({
    name: `${answer.lower === undefined ? '✗' : '✓'} ${scenario.name}: ${questionOf(study)}`,
    title: scenario.name,
    subtitle: `→ ${scenario.target}`,
    about: [`${startedAt.slice(0, 16).replace('T', ' ')} UTC`, formatSeconds(elapsedSec), questionOf(study)].join(
      ' · ',
    ),
    nav: navigation(sections),
    sections,
    footer: `Written by ${tool.name} ${tool.version} on ${study.finishedAt.slice(0, 10)}.`,
    data,
    assets,
  });
}

function answerSection(study: StudySummary, data: PageData): Markup | undefined {
  const { answer, expected } = study;
  const tone = answer.lower === undefined || expected?.passed === false ? 'bad' : answer.isRegular ? 'good' : 'fair';
  const parts: PageParts = { charts: data.charts, markers: [], bucketSec: 1, scenarioYaml: undefined };
  const expectation =
    expected === undefined
      ? undefined
      : html`<p>${state(expected.passed, expected.passed ? 'proved' : 'not proved')} expected <code>${expected.source}</code></p>`;
  return section('answer', 'Answer', [
    html`<div class="banner ${tone}"><p class="outcome">${answer.sentence} <small>exit code ${study.exitCode}</small></p>${expectation}</div>`,
    figureTiles(tiles(study)),
    split(
      [figure('response', parts, 'Each point is a hold.')],
      [figure('parts', parts, 'Mean times of accepted attempts, one load after the other.')],
    ),
    warningList(study),
  ]);
}

function tiles({ answer, search, holds, elapsedSec }: StudySummary): Tile[] {
  const { lower, upper, firstFailure } = answer;
  const unit = search === 'rate' ? 'logins/s' : 'sessions';
  const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });
  return [
    [
      'Holds',
      lower === undefined ? '–' : count(lower.load),
      lower === undefined
        ? 'no load did'
        : `${unit}, ${lower.isConfirmed ? 'confirmed in an unbroken hold' : 'not confirmed'}`,
    ],
    [
      'Does not',
      upper === undefined ? '–' : count(upper.load),
      upper === undefined ? 'no load was too much' : upper.isGenerator ? `${unit}: the generator's limit` : unit,
    ],
    ...(lower === undefined
      ? []
      : ([
          [
            'Good windows',
            `${lower.goodWindows} of ${lower.windows}`,
            `95%: at most ${percent(lower.mostBadShare)} would miss a goal`,
          ],
          ...(search === 'rate'
            ? ([['Good logins', `${count(Math.round(lower.goodPerSec))}/s`, 'conditional throughput']] as Tile[])
            : []),
        ] as Tile[])),
    ...(firstFailure === undefined
      ? []
      : ([
          [
            'Failed first',
            firstFailure.outcome,
            `in ${firstFailure.phase}, at ${shortLoad(firstFailure.load, search)}`,
          ],
        ] as Tile[])),
    ['Took', formatSeconds(elapsedSec), `${holds.length} holds`],
  ];
}

function holdsSection(study: StudySummary): Markup | undefined {
  if (study.holds.length === 0) return undefined;
  const parts = HOLD_PARTS.filter((part) => study.holds.some((hold) => meanUs(hold, part) > 0));
  const number = (title: string) => ({ title, isNumber: true });
  const columns = [
    ...[
      number('#'),
      number('load'),
      { title: 'why' },
      { title: 'result' },
      number('good'),
      number('bad'),
      number('invalid'),
    ],
    ...[number('lost'), number('p50'), number('p99'), number('max'), ...parts.map((part) => number(`mean ${part}`))],
    ...[number('online'), number('lasted'), number('rest'), { title: 'what was lost' }],
  ];
  const rows = study.holds.map((hold) => holdRow(hold, study, parts));
  return section('holds', 'Holds', [dataTable('All holds, in order', columns, rows)]);
}

function holdRow(hold: StudyHold, { search }: StudySummary, parts: readonly (typeof HOLD_PARTS)[number][]): Content[] {
  const { number, load, purpose, result, windows, lost, planned, onlineMax, lastedSec, restSec, failures } = hold;
  const share = planned === 0 ? '–' : `${Number(((lost / planned) * 100).toPrecision(2))}%`;
  return [
    ...[number, shortLoad(load, search), PURPOSE_WORDS[purpose], resultState(result)],
    ...[windows.good, windows.bad, windows.invalid, share],
    ...[heldTime(hold, 'p50Us'), heldTime(hold, 'p99Us'), heldTime(hold, 'maxUs')],
    ...parts.map((part) => (hold.response.count === 0 ? '–' : formatUs(meanUs(hold, part)))),
    ...[onlineMax.toLocaleString('en-US'), formatSeconds(lastedSec), formatSeconds(restSec)],
    words(failures.length > 1 ? failures.map(failureWords).join(', ') : holdRemark(hold)),
  ];
}

/** Text of a cell that keeps its width where the page is narrow: the table scrolls then. */
function words(text: string): Content {
  return text === '' ? '' : html`<span class="words">${text}</span>`;
}

/** Windows that were missed or say nothing, each with why: the most that a reader would look through. */
function windowsSection({ holds, search }: StudySummary): Markup | undefined {
  const others = holds.flatMap(({ number: hold, load, windowResults }) =>
    windowResults.filter(({ result }) => result !== 'good').map((window) => ({ hold, load, window })),
  );
  if (others.length === 0) return undefined;
  const number = (title: string) => ({ title, isNumber: true });
  const columns = [
    number('hold'),
    number('load'),
    number('from'),
    { title: 'result' },
    number('lost'),
    { title: 'why' },
  ];
  const rows = others
    .slice(0, MOST_WINDOWS)
    .map(({ hold, load, window }): Content[] => [
      ...[hold, shortLoad(load, search), formatSeconds(window.fromSec)],
      window.result === 'bad' ? state(false, 'bad') : 'invalid',
      `${window.lost.toLocaleString('en-US')} of ${window.planned.toLocaleString('en-US')}`,
      words(window.why ?? ''),
    ]);
  const more = others.length - rows.length;
  return foldedSection('windows', 'Windows', `${counted(others.length, 'window')} that were not good, and why`, [
    dataTable('Windows that were not good', columns, rows),
    more === 0 ? undefined : html`<p class="note">And ${more} more, in summary.json and by --csv.</p>`,
  ]);
}

function resultState(result: StudyHold['result']): Content {
  if (result === 'lower' || result === 'upper') return state(result === 'lower', RESULT_WORDS[result]);
  return RESULT_WORDS[result];
}

/** How the search went about it, for those who judge its answer. */
function howSection({ settings, search, answer, machine }: StudySummary): Markup | undefined {
  const { goals, from, to, precision, exceed, budgetSec, confirmSec, stayMs, loginPerSec } = settings;
  const { lower } = answer;
  return section('how', 'How it was searched', [
    facts([
      ['Goals of every window', goals.map((goal, at) => html`${at === 0 ? '' : ', '}<code>${goal}</code>`)],
      ['Range', `${shortLoad(from, search)} to ${shortLoad(to, search)}`],
      ['Precision', exactPercent(precision)],
      ['Time that may miss a goal', exactPercent(exceed)],
      ['Budget', formatSeconds(budgetSec)],
      ['Last hold', `${formatSeconds(confirmSec)}, unbroken`],
      ['Sessions stay', stayMs === 0 ? 'until the end of their hold' : formatUs(stayMs * 1_000)],
      ...(loginPerSec === undefined ? [] : [['Logins', `${loginPerSec}/s`] as const]),
      ...(lower === undefined
        ? []
        : [['Correlation of the loss from window to window', lower.correlation.toFixed(2)] as const]),
      ['Machine', `${machine.cores} x ${machine.cpu.trim()}, node ${machine.node}`],
    ]),
  ]);
}

function warningList({ warnings, answer }: StudySummary): Markup | undefined {
  const words = [
    ...warnings,
    ...answer.inversions.map(
      ({ held, failed }) => `results contradict each other: ${held} held, ${failed} did not; the smaller load counts`,
    ),
  ];
  if (words.length === 0) return undefined;
  return html`<div><h3>Warnings</h3><ul class="warnings">${words.map((text) => html`<li>${text}</li>`)}</ul></div>`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))}%`;
}
