import type { RecoveryFigures } from '../../../results/summary/disturbance.ts';
import type { FiguresSoFar } from '../../../run/interval-collector.ts';
import type { Sample, ValueRow } from '../metric-row.ts';

/** Losses, and how lost sessions come back. Figures of the latest disturbance are of the latest in which the fleet lost sessions. */
export const RECOVERY_ROWS: readonly ValueRow[] = [
  {
    kind: 'counter',
    name: 'fleetstorm_disturbances_total',
    help: 'Instants at which sessions were lost together.',
    labels: [],
    samples: ({ figures }) => [[{}, figures.disturbances.length]],
  },
  {
    kind: 'counter',
    name: 'fleetstorm_disturbed_sessions_total',
    help: 'Sessions lost in disturbances.',
    labels: ['fleet'],
    samples: overAll(({ lost }) => lost),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_recovered_sessions_total',
    help: 'Sessions lost in disturbances that came back online.',
    labels: ['fleet'],
    samples: overAll(({ recovered }) => recovered),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_recovery_seconds',
    help: 'From the latest disturbance until that share of the lost sessions was online again; absent until it was.',
    labels: ['fleet', 'share'],
    samples: ({ figures }) => figures.fleets.flatMap(({ name }) => shareSamples(name, latestOf(figures, name))),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_recovery_longest_offline_seconds',
    help: 'Longest time that a session lost in the latest disturbance was offline.',
    labels: ['fleet'],
    samples: ofLatest(({ longestOfflineSec }) => longestOfflineSec),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_recovery_attempts_per_session',
    help: 'Attempts per session that came back from the latest disturbance, on average; absent until one did.',
    labels: ['fleet'],
    samples: ofLatest(({ attemptsPerRecovered }) => attemptsPerRecovered?.mean),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_recovery_attempts_peak_per_second',
    help: 'Attempts of the sessions lost in the latest disturbance, in the busiest second.',
    labels: ['fleet'],
    samples: ofLatest(({ peakAttemptsPerSec }) => peakAttemptsPerSec),
  },
];

const SHARES = { '0.5': 't50Sec', '0.95': 't95Sec', '0.99': 't99Sec', '1': 't100Sec' } as const;

function shareSamples(fleet: string, figures: RecoveryFigures | undefined): Sample[] {
  return Object.entries(SHARES)
    .sort(([a], [b]) => Number(a) - Number(b))
    .flatMap(([share, key]): Sample[] => {
      const seconds = figures?.[key];
      return seconds === undefined ? [] : [[{ fleet, share }, seconds]];
    });
}

/** The sum over all disturbances of a run. */
function overAll(value: (figures: RecoveryFigures) => number): ValueRow['samples'] {
  return ({ figures }) =>
    figures.fleets.map(({ name: fleet }) => [
      { fleet },
      recoveriesOf(figures, fleet).reduce((sum, one) => sum + value(one), 0),
    ]);
}

function ofLatest(value: (figures: RecoveryFigures) => number | undefined): ValueRow['samples'] {
  return ({ figures }) =>
    figures.fleets.flatMap(({ name: fleet }): Sample[] => {
      const latest = latestOf(figures, fleet);
      const found = latest === undefined ? undefined : value(latest);
      return found === undefined ? [] : [[{ fleet }, found]];
    });
}

function latestOf(figures: FiguresSoFar, fleet: string): RecoveryFigures | undefined {
  return recoveriesOf(figures, fleet).at(-1);
}

function recoveriesOf({ disturbances }: FiguresSoFar, fleet: string): RecoveryFigures[] {
  return disturbances.flatMap(({ fleets }) => fleets.filter(({ name }) => name === fleet).map((one) => one.figures));
}
