import type { LiveHost } from '../report/live/live-host.ts';
import type { StartedRun } from '../run/observer.ts';

/** The hosts of a run that are on other machines; empty if it is played on this one. */
export function liveHosts({ hosts, summary }: Pick<StartedRun, 'hosts' | 'summary'>): LiveHost[] {
  if (hosts.every(({ report }) => report === undefined)) return [];
  const sessions = new Map(summary().workers.map((worker) => [worker.index, worker.sessions]));
  return hosts.flatMap((host) => {
    const { name, workers, report } = host;
    if (report === undefined) return [];
    const held = workers.reduce((sum, worker) => sum + (sessions.get(worker) ?? 0), 0);
    return [{ name, workers, sessions: held, report: () => report() }];
  });
}
