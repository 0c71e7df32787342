import { performance } from 'node:perf_hooks';
import { HeatMapBuilder } from '../../report/html/data/heat-map.ts';
import { runDistributions } from '../../report/html/data/run-distributions.ts';
import type { ReportInput } from '../../report/html/report-page.ts';
import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import type { FiguresSoFar } from '../../run/interval-collector.ts';

/** Where a dashboard finds the figures of its run. */
export interface FigureSource {
  summary(): Summary;
  figures(): FiguresSoFar;
  readonly scenarioYaml?: string | undefined;
}

/** The report so far costs its process at most this share of a core. */
const COST_SHARE = 0.02;

/** The figures of a run that a live page shows beside its course, and when they may be asked for again. */
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

  /** Whether enough time has passed since `measured` last did its work. */
  get isDue(): boolean {
    return this.#source !== undefined && this.#nowMs() >= this.#nextMs;
  }

  /** Makes something of the figures so far, and waits longer for the next time the longer that took. Undefined before the run has begun. */
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
