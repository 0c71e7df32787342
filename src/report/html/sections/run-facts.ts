import type { Summary } from '../../../results/summary/summary.ts';
import { counted } from '../../../text/counts.ts';
import { formatSeconds } from '../../../time/units.ts';
import { formatCount } from '../../words/figures.ts';
import { scenarioTitle } from '../../words/share-words.ts';
import { html, type Markup } from '../markup.ts';
import { facts, foldedSection } from './parts.ts';

/** What was run, against what, when and on which machine. */
export function runFactsSection(summary: Summary): Markup | undefined {
  const { scenario, machine, tool, total, fleets } = summary;
  const duration = `${formatSeconds(summary.plannedDurationSec)} planned, ${formatSeconds(summary.elapsedSec)} run`;
  return foldedSection('run', 'What was run', 'Target, seed, counts, machine and versions', [
    facts([
      ['Scenario', scenarioTitle(summary)],
      ['Target', scenario.target],
      ['Seed', scenario.seed],
      ['Duration', summary.interrupted ? `${duration}, interrupted` : duration],
      ['Sessions', `${formatCount(total.sessions)} in ${counted(fleets.length, 'fleet')}`],
      ['Attempts', attemptWords(summary)],
      ['Started', instant(summary.startedAt)],
      [
        'Machine',
        `${machine.cores} × ${machine.cpu.trim()}, ${formatCount(machine.memoryMiB)} MiB, ${machine.platform}`,
      ],
      ['Tool', `${tool.name} ${tool.version}, Node.js ${machine.node.replace(/^v/, '')}`],
      ['Scenario SHA-256', html`<code>${scenario.sha256.slice(0, 16)}…</code>`],
    ]),
  ]);
}

function attemptWords({ total: { attempts } }: Summary): string {
  const { planned, started, retries, unfinished, notStarted = 0 } = attempts;
  const [all, first] = [planned === undefined ? '' : `${formatCount(planned)} planned, `, started - retries];
  const words = `${all}${formatCount(started)} started: ${formatCount(first)} first, ${formatCount(retries)} retries`;
  const missing = { unfinished, 'never started': notStarted };
  const parts = Object.entries(missing).flatMap(([name, count]) =>
    count > 0 ? [`${formatCount(count)} ${name}`] : [],
  );
  return [words, ...parts].join('; ');
}

function instant(iso: string): Markup {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
