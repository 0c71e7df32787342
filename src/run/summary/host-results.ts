import type { HostReport, WorkerHost } from '../../host/host.ts';
import type { HostResult } from '../../results/summary/host-result.ts';
import type { WorkerResult } from '../../results/summary/worker-result.ts';

/** A row for each host on another machine; undefined if there are none. */
export function hostResults(hosts: readonly WorkerHost[], workers: readonly WorkerResult[]): HostResult[] | undefined {
  const rows = hosts.flatMap((host) => {
    const report = host.report?.();
    return report === undefined ? [] : [hostResult(host, report, workers)];
  });
  return rows.length === 0 ? undefined : rows;
}

function hostResult(
  { name, workers: indices }: WorkerHost,
  report: HostReport,
  all: readonly WorkerResult[],
): HostResult {
  const workers = all.filter(({ index }) => indices.includes(index));
  const { state, troubles, ...known } = report;
  return {
    name,
    state: state === 'lost' || state === 'stopped' ? state : 'finished',
    workers: workers.length,
    sessions: sumOf(workers.map(({ sessions }) => sessions)),
    lostSessions: sumOf(workers.map(({ lostSessions }) => lostSessions)),
    ...known,
    ...(troubles.length === 0 ? {} : { troubles: [...troubles] }),
    eventLoopDelayP99Us: Math.max(0, ...workers.map(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us)),
    cpuShareMax: Math.max(0, ...workers.map(({ cpuShareMax }) => cpuShareMax)),
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
