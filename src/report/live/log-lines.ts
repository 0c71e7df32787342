import type { IntervalFleet, TimelineLine } from '../../results/timeline-line.ts';
import { formatSeconds, formatUs } from '../../time/units.ts';
import { span } from '../text/spans.ts';
import { backlogOf } from '../words/backlog.ts';
import { formatCount, formatRate } from '../words/figures.ts';
import { CourseLog } from './course-log.ts';
import { type LiveCourse, type LiveRun, responseOf } from './live-state.ts';

/** About as many lines of a plain run as people read before its results. */
const LINES = 12;
const STEPS_SEC = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800];
const LONGEST_STEP_SEC = 1_800;

/**
 * A run as lines for outputs that are not a terminal. Says what changes: an outcome or a cause of a session's end at once when it first
 * happens, events and recoveries as they come, all other figures from time to time; of a time in which nothing changes, nothing.
 */
export class LogLines {
  readonly #totalSec: number;
  readonly #stepSec: number;
  readonly #known = new Set(['accepted']);
  readonly #course = new CourseLog();
  #held: TimelineLine[] = [];
  /** The line told last. */
  #told: IntervalFleet | undefined;

  constructor(totalSec: number) {
    this.#totalSec = totalSec;
    this.#stepSec = STEPS_SEC.find((sec) => totalSec / sec <= LINES) ?? LONGEST_STEP_SEC;
  }

  /** What runs, and what the lines to come say. `workers`: how many, in words. */
  intro({ scenario, target, sessions, plannedDurationSec }: LiveRun, workers: string): string[] {
    const size = `${formatCount(sessions)} sessions, ${formatSeconds(plannedDurationSec)}, ${workers}`;
    return [
      `Running ${scenario} against ${target}: ${size}`,
      'Told here: what changes. The verdict and all figures follow; docs/results.md explains them.',
    ].map(safe);
  }

  /** Takes the next interval and the course so far; the lines that are due. */
  add(line: TimelineLine, course: LiveCourse): string[] {
    this.#held.push(line);
    const news = this.#course.news(course, line.endSec).map((words) => safe(`${this.#clock(line)}  ${words}`));
    const isDue = this.#learn(line) || line.endSec % this.#stepSec === 0;
    return isDue ? [...news, ...this.rest()] : news;
  }

  /** One line for everything not logged yet; none if nothing has changed. */
  rest(): string[] {
    const lines = this.#held;
    const last = lines.at(-1);
    this.#held = [];
    if (last === undefined || !this.#hasChanged(lines, last)) return [];
    this.#told = last.total;
    return [this.#text(lines, last)];
  }

  #learn({ total }: TimelineLine): boolean {
    const before = this.#known.size;
    for (const name of [...Object.keys(total.outcomes), ...Object.keys(total.ended)]) this.#known.add(name);
    return this.#known.size > before;
  }

  #hasChanged(lines: readonly TimelineLine[], { total }: TimelineLine): boolean {
    const told = this.#told;
    if (told === undefined || told.online !== total.online || told.connecting !== total.connecting) return true;
    return lines.some(({ total: { started, outcomes, ended } }) => started > 0 || hasAny(outcomes) || hasAny(ended));
  }

  #text(lines: readonly TimelineLine[], last: TimelineLine): string {
    const seconds = lines.length;
    const outcomes = added(lines.map(({ total }) => total.outcomes));
    const { accepted = 0, ...failures } = outcomes;
    const planned = lines.reduce((sum, { total }) => sum + total.planned, 0);
    const counts = Object.entries({ ...failures, ...added(lines.map(({ total }) => total.ended)) });
    const { connecting } = last.total;
    const parts = [
      this.#clock(last),
      `online ${formatCount(last.total.online)}`,
      ...(connecting === 0 ? [] : [`connecting ${formatCount(connecting)}`]),
      ...(accepted + planned === 0
        ? []
        : [`connects/s ${formatRate(accepted / seconds)} of ${formatRate(planned / seconds)} planned`]),
      ...backlogWords(last),
      ...latencyWords(lines),
      ...counts.map(([name, count]) => `${name} ${formatCount(count)}`),
    ];
    return safe(parts.join('  '));
  }

  #clock({ endSec }: TimelineLine): string {
    // Sessions end in order after the plan.
    return endSec > this.#totalSec ? 'end' : `${formatSeconds(endSec)}/${formatSeconds(this.#totalSec)}`;
  }
}

/** Names from elsewhere must not move the cursor. */
function safe(text: string): string {
  return span(text).text;
}

function backlogWords({ total }: TimelineLine): string[] {
  const backlog = backlogOf(total);
  return backlog === 0 ? [] : [`not started ${formatCount(backlog)}`];
}

function hasAny(counts: Readonly<Record<string, number>>): boolean {
  return Object.values(counts).some((count) => count > 0);
}

function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const counts of all) for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** Percentiles of several seconds cannot be added up: of these, the largest p99 is shown. */
function latencyWords(lines: readonly TimelineLine[]): string[] {
  const responses = lines.flatMap(({ total }) => responseOf(total) ?? []);
  const [first] = responses;
  if (first === undefined) return [];
  if (lines.length === 1) return [`p50 ${formatUs(first.p50Us)}`, `p99 ${formatUs(first.p99Us)}`];
  return [`p99 up to ${formatUs(Math.max(...responses.map(({ p99Us }) => p99Us)))}`];
}
