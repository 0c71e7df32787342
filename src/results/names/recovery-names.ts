import type { RecoveryFigures } from '../summary/disturbance.ts';
import type { Metric, Reading } from './metric.ts';

/** Names of recovery metrics. Each is the worst over all disturbances; without a disturbance there is no data. */

interface RecoveryFigure {
  readonly unit: Metric['unit'];
  /** Undefined if some of the lost sessions never came back. */
  readonly of: (figures: RecoveryFigures) => number | undefined;
}

/** Why a recovery time has no value although there was a disturbance. */
export const NEVER_RECOVERED = 'the lost sessions never recovered that far';

const US = 1_000_000;

function seconds(of: (figures: RecoveryFigures) => number | undefined): RecoveryFigure {
  return {
    unit: 'us',
    of: (figures) => {
      const sec = of(figures);
      return sec === undefined ? undefined : sec * US;
    },
  };
}

const FIGURES: ReadonlyMap<string, RecoveryFigure> = new Map([
  ['recovery.t50', seconds((figures) => figures.t50Sec)],
  ['recovery.t95', seconds((figures) => figures.t95Sec)],
  ['recovery.t99', seconds((figures) => figures.t99Sec)],
  ['recovery.t100', seconds((figures) => figures.t100Sec)],
  ['recovery.longest-offline', seconds((figures) => figures.longestOfflineSec)],
  ['recovery.amplification', { unit: 'count', of: (figures) => figures.attemptsPerRecovered?.mean }],
  ['recovery.attempts-p99', { unit: 'count', of: (figures) => figures.attemptsPerRecovered?.p99 }],
  ['recovery.attempts-max', { unit: 'count', of: (figures) => figures.attemptsPerRecovered?.max }],
  ['recovery.second-waves', { unit: 'count', of: (figures) => figures.secondWaves }],
  ['recovery.lost', { unit: 'count', of: (figures) => figures.lost }],
  ['recovery.never-recovered', { unit: 'count', of: (figures) => figures.neverRecovered }],
  ['recovery.peak', { unit: 'per-sec', of: (figures) => figures.peakAttemptsPerSec }],
]);

export const RECOVERY_METRIC_NAMES: readonly string[] = [...FIGURES.keys()];

/** The recovery metric of that name, or undefined. */
export function findRecoveryMetric(name: string): Metric | undefined {
  const figure = FIGURES.get(name);
  if (figure === undefined) return undefined;
  return {
    name,
    unit: figure.unit,
    needsDistributions: false,
    read: (_fleet, recoveries) => worst(figure, recoveries),
  };
}

function worst(figure: RecoveryFigure, recoveries: readonly RecoveryFigures[]): Reading {
  const values = recoveries.map(figure.of);
  if (values.length === 0) return { missing: 'there was no disturbance' };
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) return { missing: NEVER_RECOVERED };
  return { value: Math.max(...known) };
}
