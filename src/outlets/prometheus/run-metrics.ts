import { Counter, Gauge, Registry } from 'prom-client';
import { seriesParts } from '../../results/series.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import type { FiguresSoFar } from '../../run/interval-collector.ts';
import { version } from '../../run/version.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { BUCKETS_SEC, HdrHistograms } from './hdr-histograms.ts';

/** What a metric reads. */
interface Source {
  readonly scenario: string;
  readonly figures: FiguresSoFar;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

interface MetricRow {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (source: Source) => Sample[];
}

/** All metrics but the histograms, following Prometheus conventions: base units, `_total` for counters, no label per device. */
const ROWS: readonly MetricRow[] = [
  {
    ...{ kind: 'gauge', name: 'fleetstorm_run_info', help: 'The run that is under way.' },
    labels: ['scenario', 'version'],
    samples: ({ scenario }) => [[{ scenario, version }, 1]],
  },
  {
    ...{ kind: 'gauge', name: 'fleetstorm_planned_sessions', help: 'Sessions of the plan.' },
    labels: ['fleet'],
    samples: byFleet((fleet) => fleet.sessions),
  },
  {
    ...{ kind: 'gauge', name: 'fleetstorm_sessions', help: 'Sessions by what they are doing.' },
    labels: ['fleet', 'state'],
    samples: ({ figures }) => intervalFleets(figures.lastInterval).flatMap(([fleet, now]) => sessionStates(fleet, now)),
  },
  {
    ...{
      kind: 'counter',
      name: 'fleetstorm_first_attempts_planned_total',
      help: 'First attempts whose instant has passed.',
    },
    labels: ['fleet'],
    samples: byFleet((fleet) => fleet.attempts.firstPlanned),
  },
  {
    ...{
      kind: 'counter',
      name: 'fleetstorm_attempts_planned_total',
      help: 'First attempts and retries whose instant has passed, started or not.',
    },
    labels: ['fleet'],
    samples: byFleet((fleet) => fleet.attempts.planned ?? 0),
  },
  {
    ...{
      kind: 'gauge',
      name: 'fleetstorm_attempts_not_started',
      help: 'Attempts whose instant has passed and that have not been started.',
    },
    labels: ['fleet'],
    samples: byFleet(({ attempts: { planned = 0, started } }) => Math.max(0, planned - started)),
  },
  {
    ...{
      kind: 'counter',
      name: 'fleetstorm_attempts_started_total',
      help: 'Attempts to get online that were started.',
    },
    labels: ['fleet'],
    samples: byFleet((fleet) => fleet.attempts.started),
  },
  {
    ...{
      kind: 'counter',
      name: 'fleetstorm_retries_started_total',
      help: 'Started attempts that were not first ones.',
    },
    labels: ['fleet'],
    samples: byFleet((fleet) => fleet.attempts.retries),
  },
  {
    ...{ kind: 'counter', name: 'fleetstorm_attempts_total', help: 'Attempts that have ended, by outcome.' },
    labels: ['fleet', 'outcome'],
    samples: byFleetAnd('outcome', (fleet) => fleet.outcomes.map(({ outcome, count }) => [outcome, count])),
  },
  {
    ...{
      kind: 'counter',
      name: 'fleetstorm_auth_replies_total',
      help: 'Replies to HTTPS logins, by code; 200 is a token.',
    },
    labels: ['fleet', 'code'],
    samples: byFleetAnd('code', ({ authCodes = {} }) => Object.entries(authCodes)),
  },
  {
    ...{
      kind: 'counter',
      name: 'fleetstorm_sessions_ended_total',
      help: 'Sessions that were online and ended, by cause.',
    },
    labels: ['fleet', 'cause'],
    samples: byFleetAnd('cause', ({ ended }) => Object.entries(ended)),
  },
  {
    ...{ kind: 'counter', name: 'fleetstorm_kicks_total', help: 'Sessions that a newer login of their device ended.' },
    labels: ['fleet'],
    samples: byFleet(({ kicks }) => kicks?.kicks ?? 0),
  },
  {
    ...{ kind: 'gauge', name: 'fleetstorm_kick_loop_devices', help: 'Devices that were kicked twice or more.' },
    labels: ['fleet'],
    samples: byFleet(({ kicks }) => kicks?.devicesInLoop ?? 0),
  },
  {
    ...{
      kind: 'counter',
      name: 'fleetstorm_disturbances_total',
      help: 'Instants at which sessions were lost together.',
    },
    labels: [],
    samples: ({ figures }) => [[{}, figures.disturbances.length]],
  },
  {
    ...{ kind: 'counter', name: 'fleetstorm_disturbed_sessions_total', help: 'Sessions lost in disturbances.' },
    labels: [],
    samples: ({ figures }) => [[{}, sumOf(figures.disturbances.map(({ total }) => total.lost))]],
  },
  {
    ...{ kind: 'counter', name: 'fleetstorm_recovered_sessions_total', help: 'Those of them that are online again.' },
    labels: [],
    samples: ({ figures }) => [[{}, sumOf(figures.disturbances.map(({ total }) => total.recovered))]],
  },
  {
    ...{
      kind: 'gauge',
      name: 'fleetstorm_slip_max_seconds',
      help: 'Largest lateness of an attempt started in the last second.',
    },
    labels: ['fleet'],
    samples: ({ figures }) =>
      intervalFleets(figures.lastInterval).map(([fleet, { slipMaxUs }]) => [{ fleet }, slipMaxUs / US_PER_SEC]),
  },
  {
    ...{
      kind: 'gauge',
      name: 'fleetstorm_worker_cpu_ratio',
      help: 'CPU of a worker thread in the last second, 0 to 1.',
    },
    labels: ['worker'],
    samples: byWorker(({ cpuShare }) => cpuShare),
  },
  {
    ...{
      kind: 'gauge',
      name: 'fleetstorm_worker_gc_ratio',
      help: 'Time in garbage collection in the last second, 0 to 1.',
    },
    labels: ['worker'],
    samples: byWorker(({ gcShare }) => gcShare),
  },
  {
    ...{ kind: 'gauge', name: 'fleetstorm_worker_event_loop_delay_p99_seconds' },
    help: 'Lateness of the event loop in the last second, 99th percentile.',
    labels: ['worker'],
    samples: byWorker(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us / US_PER_SEC),
  },
  {
    ...{ kind: 'gauge', name: 'fleetstorm_worker_event_loop_delay_max_seconds' },
    help: 'Lateness of the event loop in the last second, largest.',
    labels: ['worker'],
    samples: byWorker(({ eventLoopDelayMaxUs }) => eventLoopDelayMaxUs / US_PER_SEC),
  },
  {
    ...{ kind: 'gauge', name: 'fleetstorm_worker_ports_left', help: 'Local ports left at the source with the fewest.' },
    labels: ['worker'],
    samples: byWorker(({ portsLeft }) => portsLeft),
  },
];

/** The three ways to measure a whole attempt; every other measure is a phase. */
const WHOLE: Readonly<Record<string, string>> = {
  response: 'From the planned instant of an attempt to its outcome.',
  service: 'From the start of an attempt to its outcome.',
  slip: 'From the planned instant of an attempt to its start: the lateness of the generator.',
};

/** A run as Prometheus metrics, in its own registry. Figures are read only when scraped. */
export class RunMetrics {
  readonly #registry = new Registry();
  readonly #scenario: string;
  readonly #rows = ROWS.map((row) => ({ row, metric: this.#metricOf(row) }));
  readonly #whole = new Map(
    Object.entries(WHOLE).map(([measure, help]) => [
      measure,
      this.#histograms(`fleetstorm_${measure}_seconds`, help, ['fleet', 'outcome']),
    ]),
  );
  readonly #phases = this.#histograms('fleetstorm_phase_seconds', 'Parts of attempts, by phase.', [
    ...['fleet', 'phase', 'outcome'],
  ]);

  constructor(scenario: string) {
    this.#scenario = scenario;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text for a scrape. Before the run has begun there are no figures, and the metrics are empty. */
  async text(figures: FiguresSoFar | undefined): Promise<string> {
    this.#registry.resetMetrics();
    if (figures !== undefined) this.#fill({ scenario: this.#scenario, figures });
    return await this.#registry.metrics();
  }

  #fill(source: Source): void {
    for (const { row, metric } of this.#rows) {
      for (const [labels, value] of row.samples(source)) metric.inc(labels, value);
    }
    const series = source.figures.fleets.flatMap(({ name: fleet }) =>
      [...(source.figures.distributions(fleet)?.ofAttempts ?? [])].map(([key, histogram]) => {
        const { measure, outcome } = seriesParts(key);
        return { fleet, measure, outcome, histogram };
      }),
    );
    for (const [measure, metric] of this.#whole) {
      const own = series.filter((one) => one.measure === measure);
      metric.show(own.map(({ fleet, outcome, histogram }) => ({ labels: { fleet, outcome }, histogram })));
    }
    const phases = series.filter(({ measure }) => !this.#whole.has(measure));
    this.#phases.show(
      phases.map(({ fleet, measure, outcome, histogram }) => ({
        labels: { fleet, phase: measure, outcome },
        histogram,
      })),
    );
  }

  #metricOf({ kind, name, help, labels }: MetricRow): Counter | Gauge {
    const options = { name, help, labelNames: [...labels], registers: [this.#registry] };
    return kind === 'counter' ? new Counter(options) : new Gauge(options);
  }

  #histograms(name: string, help: string, labelNames: string[]): HdrHistograms {
    return new HdrHistograms({ name, help, labelNames, buckets: BUCKETS_SEC, registers: [this.#registry] });
  }
}

function byFleet(value: (fleet: FleetSummary) => number): MetricRow['samples'] {
  return ({ figures }) => figures.fleets.map((fleet) => [{ fleet: fleet.name }, value(fleet)]);
}

function byFleetAnd(
  label: string,
  values: (fleet: FleetSummary) => (readonly [string, number])[],
): MetricRow['samples'] {
  return ({ figures }) =>
    figures.fleets.flatMap((fleet) =>
      values(fleet).map(([word, value]): Sample => [{ fleet: fleet.name, [label]: word }, value]),
    );
}

function byWorker(value: (worker: TimelineLine['workers'][number]) => number | undefined): MetricRow['samples'] {
  return ({ figures }) =>
    (figures.lastInterval?.workers ?? []).flatMap((worker): Sample[] => {
      const found = value(worker);
      return found === undefined ? [] : [[{ worker: String(worker.worker) }, found]];
    });
}

function intervalFleets(line: TimelineLine | undefined): [string, TimelineLine['total']][] {
  return Object.entries(line?.fleets ?? {});
}

function sessionStates(fleet: string, { online, connecting, waiting }: TimelineLine['total']): Sample[] {
  return Object.entries({ online, connecting, waiting }).map(([state, count]) => [{ fleet, state }, count]);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
