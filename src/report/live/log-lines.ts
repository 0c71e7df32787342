import type { TimelineLine } from '../../results/timeline-line.ts';
import { formatSeconds, formatUs } from '../../time/units.ts';
import { span } from '../text/spans.ts';
import { backlogOf } from '../words/backlog.ts';
import { formatCount, formatRate } from '../words/figures.ts';

/** About as many lines as people read in a pipeline's log, however long the run is. */
const LINES = 60;
const STEPS_SEC = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

/**
 * A run as lines for outputs that are not a terminal: one per second in a short run, fewer in a long one, so as not to flood the log.
 * Anything that happens for the first time (an outcome, a cause of a session's end) gets its line at once.
 */
export class LogLines {
  readonly #totalSec: number;
  readonly #stepSec: number;
  readonly #known = new Set(['accepted']);
  #held: TimelineLine[] = [];

  constructor(totalSec: number) {
    this.#totalSec = totalSec;
    this.#stepSec = STEPS_SEC.find((sec) => totalSec / sec <= LINES) ?? 3_600;
  }

  /** Takes the next interval; the line that is due, if one is. */
  add(line: TimelineLine): string | undefined {
    this.#held.push(line);
    const isNew = this.#learn(line);
    return isNew || line.endSec % this.#stepSec === 0 ? this.rest() : undefined;
  }

  /** One line for everything not logged yet; undefined if there is nothing. */
  rest(): string | undefined {
    const last = this.#held.at(-1);
    if (last === undefined) return undefined;
    const text = this.#text(this.#held, last);
    this.#held = [];
    return text;
  }

  #learn({ total }: TimelineLine): boolean {
    const before = this.#known.size;
    for (const name of [...Object.keys(total.outcomes), ...Object.keys(total.ended)]) this.#known.add(name);
    return this.#known.size > before;
  }

  #text(lines: readonly TimelineLine[], last: TimelineLine): string {
    const seconds = lines.length;
    const outcomes = added(lines.map(({ total }) => total.outcomes));
    const { accepted = 0, ...failures } = outcomes;
    const planned = lines.reduce((sum, { total }) => sum + total.planned, 0);
    const counts = Object.entries({ ...failures, ...added(lines.map(({ total }) => total.ended)) });
    const parts = [
      `${formatSeconds(last.endSec)}/${formatSeconds(this.#totalSec)}`,
      `online ${formatCount(last.total.online)}`,
      `connecting ${formatCount(last.total.connecting)}`,
      `connects/s ${formatRate(accepted / seconds)} of ${formatRate(planned / seconds)} planned`,
      ...backlogWords(last),
      ...latencyWords(lines),
      ...counts.map(([name, count]) => `${name} ${formatCount(count)}`),
    ];
    return parts.map((part) => span(part).text).join('  ');
  }
}

function backlogWords({ total }: TimelineLine): string[] {
  const backlog = backlogOf(total);
  return backlog === 0 ? [] : [`not started ${formatCount(backlog)}`];
}

function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** Percentiles of several seconds cannot be added up: so the slowest second is shown. */
function latencyWords(lines: readonly TimelineLine[]): string[] {
  const responses = lines.flatMap(({ total }) => total.latency['response'] ?? []).filter(({ count }) => count > 0);
  const slowest = responses.reduce<(typeof responses)[number] | undefined>(
    (worst, one) => (worst === undefined || one.p99Us > worst.p99Us ? one : worst),
    undefined,
  );
  if (slowest === undefined) return [];
  const words = [`p50 ${formatUs(slowest.p50Us)}`, `p99 ${formatUs(slowest.p99Us)}`];
  return lines.length === 1 ? words : [`slowest second: ${words.join('  ')}`];
}
