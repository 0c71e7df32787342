import { type CrossCheck, isDifferent } from '../../../results/summary/cross-check.ts';
import type { GeneratorHealth } from '../../../results/summary/generator-figures.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { counted } from '../../../text/counts.ts';
import { formatUs } from '../../../time/units.ts';
import { clockWords } from '../../words/clock-words.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { startWords } from '../../words/share-words.ts';
import { workerName } from '../../words/worker-name.ts';
import { heading, type Span, span, type TextStyle, wrapped } from '../spans.ts';
import { type Column, table } from '../table.ts';

const EMULATOR_COLUMNS: readonly Column[] = [
  { title: '', align: 'left', shrinkTo: 12 },
  { title: 'tool', align: 'right' },
  { title: 'emulator', align: 'right' },
  { title: '', align: 'left' },
];

/** The emulator's own counts next to the tool's. Nothing for other targets. */
export function emulatorSection(summary: Summary, style: TextStyle): string[] {
  if (summary.crossChecks.length === 0) return [];
  const rows = summary.crossChecks.map((check) => {
    return [span(check.name), span(formatCount(check.tool)), span(formatCount(check.emulator)), agreement(check)];
  });
  return [heading('Emulator', style), ...table(EMULATOR_COLUMNS, rows, style)];
}

function agreement(check: CrossCheck): Span {
  if (check.rule === 'info') return span('');
  if (check.tool === check.emulator) return span('equal', 'good');
  if (isDifferent(check)) return span('DIFFERENT', 'bad');
  return span(`as equal as ${formatCount(check.tolerance ?? 0)} lost answers allow`, 'warn');
}

const WORKER_COLUMNS: readonly Column[] = [
  { title: 'worker', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'sessions', align: 'right' },
  { title: 'lost', align: 'right' },
  { title: 'event loop p99', align: 'right' },
  { title: 'max', align: 'right' },
  { title: 'CPU mean', align: 'right' },
  { title: 'max', align: 'right' },
];

/** How well the generator itself did, worker by worker. */
export function generatorSection(summary: Summary, style: TextStyle): string[] {
  if (summary.workers.length === 0) return [];
  const rows = summary.workers.map((worker) => [
    span(workerName(worker)),
    span(worker.state, worker.state === 'finished' ? 'plain' : 'bad'),
    span(formatCount(worker.sessions)),
    span(formatCount(worker.lostSessions), worker.lostSessions > 0 ? 'bad' : 'plain'),
    span(formatUs(worker.eventLoopDelayP99Us)),
    span(formatUs(worker.eventLoopDelayMaxUs)),
    span(formatShare(worker.cpuShareMean)),
    span(formatShare(worker.cpuShareMax)),
  ]);
  return [heading('Generator', style), ...healthLines(summary.generator, style), ...table(WORKER_COLUMNS, rows, style)];
}

const HOST_COLUMNS: readonly Column[] = [
  { title: 'host', align: 'left', shrinkTo: 12 },
  { title: 'state', align: 'left' },
  { title: 'sessions', align: 'right' },
  { title: 'lost', align: 'right' },
  { title: 'start', align: 'right' },
  { title: 'event loop p99', align: 'right' },
  { title: 'CPU max', align: 'right' },
  { title: 'clock error', align: 'right' },
  { title: 'drift', align: 'right' },
  { title: 'cores', align: 'right' },
];

/** Where the workers were, if that was in several places. */
export function hostsSection({ hosts = [] }: Summary, style: TextStyle): string[] {
  if (hosts.length === 0) return [];
  const rows = hosts.map((host) => [
    span(host.name),
    span(host.state, host.state === 'finished' ? 'plain' : 'bad'),
    span(formatCount(host.sessions)),
    span(formatCount(host.lostSessions), host.lostSessions > 0 ? 'bad' : 'plain'),
    span(startWords(host) ?? ''),
    span(host.eventLoopDelayP99Us === undefined ? '' : formatUs(host.eventLoopDelayP99Us)),
    span(host.cpuShareMax === undefined ? '' : formatShare(host.cpuShareMax)),
    ...clockWords(host).map((words) => span(words)),
    span(host.machine === undefined ? '' : formatCount(host.machine.cores)),
  ]);
  // Shares that were played apart tell their starts, agents the errors of their clocks.
  const known = HOST_COLUMNS.map((_column, index) => rows.some((row) => row[index]?.text !== ''));
  const columns = HOST_COLUMNS.filter((_column, index) => known[index]);
  const shown = rows.map((row) => row.filter((_cell, index) => known[index]));
  return [heading('Hosts', style), ...table(columns, shown, style)];
}

/** How well the tool as a whole kept up, and what resources it has left. */
function healthLines(generator: GeneratorHealth | undefined, style: TextStyle): string[] {
  if (generator === undefined) return [];
  const { client, sources, slipP99Us, slipMaxUs, gcShareMax, descriptors, portsLeft } = generator;
  const limit = descriptors.limit === undefined ? '' : ` of ${formatCount(descriptors.limit)}`;
  const facts = [
    `client ${client}`,
    sources === undefined ? 'source chosen by the system' : counted(sources, 'source address', 'source addresses'),
    `slip p99 ${formatUs(slipP99Us)} max ${formatUs(slipMaxUs)}`,
    `garbage collection ${formatShare(gcShareMax)} at most`,
    `descriptors ${formatCount(descriptors.used)}${limit}`,
    ...(portsLeft === undefined ? [] : [`ports left ${formatCount(portsLeft)} per source`]),
  ];
  return wrapped([span('  ')], span(facts.join(style.unicode ? ' · ' : ', ')), style);
}
