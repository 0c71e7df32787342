import { type CrossCheck, isDifferent } from '../../../results/summary/cross-check.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { clockWords } from '../../words/clock-words.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { startWords } from '../../words/share-words.ts';
import { workerName } from '../../words/worker-name.ts';
import { type Content, html, type Markup, prose } from '../markup.ts';
import { dataTable, figure, type PageParts, splitSection, state } from './parts.ts';

/** How well the tool itself did: its lateness, its workers, and its counts next to the emulator's. */
export function generatorSection(summary: Summary, parts: PageParts): Markup | undefined {
  return splitSection('generator', 'Generator health', {
    overTime: [
      figure('lateness', parts, 'What the generator adds to the response: a run that it limited is not valid.'),
      figure('cpu', parts),
    ],
    figures: [hostTable(summary), workerTable(summary), checkTable(summary)],
  });
}

function hostTable({ hosts = [] }: Summary): Markup | undefined {
  if (hosts.length === 0) return undefined;
  const rows = hosts.map((host) => [
    html`<span class="nowrap">${host.name}</span>`,
    [
      state(host.state === 'finished', host.state),
      host.error === undefined ? '' : html`<span class="words">${prose(host.error)}</span>`,
    ],
    formatCount(host.sessions),
    formatCount(host.lostSessions),
    startWords(host) ?? '',
    host.eventLoopDelayP99Us === undefined ? '' : formatUs(host.eventLoopDelayP99Us),
    host.cpuShareMax === undefined ? '' : formatShare(host.cpuShareMax),
    ...clockWords(host),
    host.machine === undefined ? '' : formatCount(host.machine.cores),
  ]);
  const known = HOST_COLUMNS.map((_column, index) => rows.some((row) => row[index] !== ''));
  const columns = HOST_COLUMNS.filter((_column, index) => known[index]);
  return dataTable(
    'Hosts',
    columns,
    rows.map((row) => row.filter((_cell, index) => known[index])),
  );
}

const HOST_COLUMNS = [
  { title: 'host' },
  { title: 'state' },
  ...['sessions', 'lost', 'start', 'event loop p99', 'CPU max', 'clock error', 'drift', 'cores'].map((title) => {
    return { title, isNumber: true };
  }),
];

function workerTable({ workers }: Summary): Markup | undefined {
  if (workers.length === 0) return undefined;
  const rows = workers.map((worker) => [
    html`<span class="nowrap">${workerName(worker)}</span>`,
    [
      state(worker.state === 'finished', worker.state),
      worker.error === undefined ? '' : html`<span class="words">${prose(worker.error)}</span>`,
    ],
    formatCount(worker.sessions),
    formatCount(worker.lostSessions),
    formatUs(worker.eventLoopDelayP99Us),
    formatUs(worker.eventLoopDelayMaxUs),
    formatShare(worker.cpuShareMean),
    formatShare(worker.cpuShareMax),
  ]);
  return dataTable('Worker threads', WORKER_COLUMNS, rows);
}

const WORKER_COLUMNS = [
  { title: 'worker' },
  { title: 'state' },
  ...['sessions', 'lost', 'event loop p99', 'event loop max', 'CPU mean', 'CPU max'].map((title) => {
    return { title, isNumber: true };
  }),
];

function checkTable({ crossChecks }: Summary): Markup | undefined {
  if (crossChecks.length === 0) return undefined;
  const rows = crossChecks.map((check) => [
    check.name,
    formatCount(check.tool),
    formatCount(check.emulator),
    agreement(check),
  ]);
  const columns = [
    { title: 'count' },
    { title: 'tool', isNumber: true },
    { title: 'emulator', isNumber: true },
    { title: 'agreement' },
  ];
  return dataTable("The tool's counts and the emulator's", columns, rows);
}

function agreement(check: CrossCheck): Content {
  if (check.rule === 'info') return 'shown only';
  if (isDifferent(check)) return state(false, 'different');
  if (check.tool === check.emulator) return state(true, 'equal');
  return state(true, `as equal as ${formatCount(check.tolerance ?? 0)} lost answers allow`);
}
