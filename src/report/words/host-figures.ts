import type { TimelineLine } from '../../results/timeline-line.ts';

/** What the workers of a host did in an interval. */
export interface HostFigures {
  /** Sessions online at its end; undefined if none of its workers reported. */
  readonly online: number | undefined;
  /** Of its worst worker. */
  readonly eventLoopDelayP99Us: number;
  /** Of its busiest worker. */
  readonly cpuShare: number;
}

/** The figures of these workers in an interval. */
export function hostFigures(workers: readonly number[], line: Pick<TimelineLine, 'workers'> | undefined): HostFigures {
  const own = (line?.workers ?? []).filter(({ worker }) => workers.includes(worker));
  return {
    online: own.length === 0 ? undefined : own.reduce((sum, { online = 0 }) => sum + online, 0),
    eventLoopDelayP99Us: Math.max(0, ...own.map(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us)),
    cpuShare: Math.max(0, ...own.map(({ cpuShare }) => cpuShare)),
  };
}
