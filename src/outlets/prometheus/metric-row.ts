import type { Threshold } from '../../metrics/judge/threshold.ts';
import type { LiveHost } from '../../report/live/live-host.ts';
import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { ThresholdResult } from '../../results/summary/threshold-result.ts';
import type { FiguresSoFar } from '../../run/interval-collector.ts';

/** What a metric reads. */
export interface MetricSource {
  readonly scenario: string;
  readonly figures: FiguresSoFar;
  /** Those that are on other machines; empty if the run is played on one. */
  readonly hosts: readonly LiveHost[];
  /** Each text once. Results are those of the end or, while the run goes on, of what was measured so far. */
  readonly thresholds: readonly CheckedThreshold[];
  /** Undefined while the run goes on. */
  readonly end: Pick<Summary, 'verdict' | 'exitCode'> | undefined;
}

/** A threshold, and how it stands. */
export interface CheckedThreshold {
  readonly threshold: Threshold;
  readonly result: ThresholdResult;
}

export type Labels = Readonly<Record<string, string>>;
export type Sample = readonly [labels: Labels, value: number];

/** The labels that metrics have, and what they tell apart. */
export const LABELS = {
  address:
    'Host and port of an address of the service, if it has several; `elsewhere`: where login replies sent devices.',
  agent: 'Name of the agent; `others` beyond the first hundred. Only if agents play the run.',
  cause: 'Why a session ended: `kicked`, `reset`, `dropped`, `stopped`, ...',
  code: 'Code of the auth service; 200 is a token.',
  fleet: 'Name of the fleet.',
  operator: 'How the value is compared with the bound: `<`, `<=`, `>`, `>=`, `==`.',
  outcome: 'How an attempt ended: `accepted`, `refused-4`, `tcp-timeout`, ...',
  phase: 'Part of an attempt: `auth`, `dns`, `tcp`, `tls`, `mqtt`, and the parts of `auth`.',
  scenario: 'Name of the scenario.',
  share: 'Share of the lost sessions: `0.5`, `0.95`, `0.99`, `1`.',
  state: 'What sessions are doing: `online`, `connecting`, `waiting`.',
  threshold: 'The condition as the scenario wrote it.',
  unit: 'Unit of a threshold: `seconds`, `ratio`, `count`, `per_second`.',
  verdict: '`pending` while the run goes on, then `valid`, `none-accepted`, `generator-limited` or `degraded`.',
  version: 'Version of Fleetstorm.',
  worker: 'Number of the worker thread, from 0.',
} as const;

interface Described {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly (keyof typeof LABELS)[];
}

/** A metric of single values. */
export interface ValueRow extends Described {
  readonly kind: 'counter' | 'gauge';
  readonly samples: (source: MetricSource) => readonly Sample[];
}

/** A histogram, in seconds. */
export interface HistogramRow extends Described {
  readonly kind: 'histogram';
  readonly series: (source: MetricSource) => readonly LabelledHistogram[];
}

export interface LabelledHistogram {
  readonly labels: Labels;
  readonly histogram: LatencyHistogram;
}

/** A metric of `/metrics`. */
export type MetricRow = ValueRow | HistogramRow;

/** One sample per fleet. */
export function byFleet(value: (fleet: FleetSummary) => number): ValueRow['samples'] {
  return ({ figures }) => figures.fleets.map((fleet) => [{ fleet: fleet.name }, value(fleet)]);
}

/** Samples per fleet that another label tells apart. */
export function byFleetAnd(
  label: keyof typeof LABELS,
  values: (fleet: FleetSummary) => readonly (readonly [string, number])[],
): ValueRow['samples'] {
  return ({ figures }) =>
    figures.fleets.flatMap((fleet) =>
      values(fleet).map(([word, value]): Sample => [{ fleet: fleet.name, [label]: word }, value]),
    );
}
