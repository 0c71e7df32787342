import { performance } from 'node:perf_hooks';
import { HeatMapBuilder } from '../../report/html/data/heat-map.ts';
import { runDistributions } from '../../report/html/data/run-distributions.ts';
import type { ReportInput } from '../../report/html/report-page.ts';
import type { LiveHost } from '../../report/live/live-host.ts';
import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import type { FiguresSoFar } from '../../run/interval-collector.ts';

/** Where a dashboard finds the figures of its run. */
export interface FigureSource {
  summary(): Summary;
  figures(): FiguresSoFar;
  readonly scenarioYaml?: string | undefined;
  /** Those on other machines. */
  readonly hosts?: readonly LiveHost[] | undefined;
}

/** Rendering the report so far may use at most this share of a core. */
const COST_SHARE = 0.02;

/** The figures that a live page shows besides the timeline, and when they may be computed again. */
export class LiveFigures {
  readonly #fleetNames: readonly string[];
  readonly #heat = new HeatMapBuilder();
  readonly #nowMs: () => number;
  #source: FigureSource | undefined;
  #nextMs = 0;

  constructor(fleetNames: readonly string[], nowMs: () => number = () => performance.now()) {
    this.#fleetNames = fleetNames;
    this.#nowMs = nowMs;
  }

  /** The run has begun. */
  follow(source: FigureSource): void {
    this.#source = source;
  }

  interval({ startSec }: TimelineLine, responses: LatencyHistogram | undefined): void {
    if (responses !== undefined) this.#heat.add(startSec, responses);
  }

  /** Whether enough time has passed since the last call of `measured`. */
  get isDue(): boolean {
    return this.#source !== undefined && this.#nowMs() >= this.#nextMs;
  }

  /** Calls `make` with the figures so far; the longer that takes, the later the next call is due. Undefined before the run has begun. */
  measured<T>(timeline: ReportInput['timeline'], make: (input: ReportInput) => T): T | undefined {
    const source = this.#source;
    if (source === undefined) return undefined;
    const startMs = this.#nowMs();
    const { distributions } = source.figures();
    const made = make({
      summary: source.summary(),
      timeline,
      distributions: runDistributions(distributions, this.#fleetNames, this.#heat.map()),
      scenarioYaml: source.scenarioYaml,
    });
    const endMs = this.#nowMs();
    this.#nextMs = endMs + (endMs - startMs) / COST_SHARE;
    return made;
  }
}
