import type { Summary } from '../../../results/summary/summary.ts';
import { formatSeconds } from '../../../time/units.ts';
import { formatCount } from '../../words/figures.ts';
import { scenarioTitle, shareNote } from '../../words/share-words.ts';
import { drawn, folded, lineWidth, span, type TextStyle, wrapped } from '../spans.ts';

/** What was run, against what, and for how long. */
export function titleSection(summary: Summary, style: TextStyle): string[] {
  const { scenario, machine, tool } = summary;
  const separator = style.unicode ? ' · ' : ', ';
  const duration = summary.interrupted
    ? `interrupted after ${formatSeconds(summary.elapsedSec)} of ${formatSeconds(summary.plannedDurationSec)}`
    : `${formatSeconds(summary.plannedDurationSec)} planned, ${formatSeconds(summary.elapsedSec)} run`;
  const facts = [
    `seed ${scenario.seed}`,
    duration,
    `${formatCount(summary.total.sessions)} sessions`,
    `started ${summary.startedAt.replace(/\.\d+Z$/, 'Z')}`,
  ];
  const machineFacts = [
    `${tool.name} ${tool.version}`,
    `node ${machine.node.replace(/^v/, '')}`,
    `${machine.cores} x ${machine.cpu.trim()}`,
    `${formatCount(machine.memoryMiB)} MiB`,
  ];
  const name = span(scenarioTitle(summary), 'heading');
  const arrow = span(style.unicode ? '→ ' : '-> ', 'dim');
  const target = span(scenario.target, 'strong');
  const title = [name, span(' '), arrow, target];
  const titleLines = lineWidth(title) <= style.columns ? [title] : [[name], [arrow, target]];
  const note = shareNote(summary);
  return [
    ...titleLines.map((line) => drawn(line, style)),
    ...folded(facts, separator, 'plain', style),
    ...folded(machineFacts, separator, 'dim', style),
    ...(note === undefined ? [] : wrapped([], span(note, 'warn'), style)),
  ];
}
