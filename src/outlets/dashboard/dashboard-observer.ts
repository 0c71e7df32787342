import type { RunObserver } from '../../run/observer.ts';
import { effectiveYaml } from '../../scenario/effective.ts';
import { liveHosts } from '../live-hosts.ts';
import type { Dashboard } from './dashboard-server.ts';

/**
 * Shows a run on its page. `folder` holds the run's files; their report replaces the page at the end. Closes once open pages have fetched
 * it.
 */
export function dashboardObserver(dashboard: Dashboard, folder: string): RunObserver {
  const lastCalls: Promise<void>[] = [];
  return {
    title: 'the dashboard',
    started: (run) => dashboard.follow({ ...run, scenarioYaml: effectiveYaml(run.scenario), hosts: liveHosts(run) }),
    interval: (line, merged) => dashboard.interval(line, merged.total.histograms.get('response/accepted')),
    finished: () => {
      lastCalls.push(dashboard.finished(folder));
    },
    close: async () => {
      await Promise.allSettled(lastCalls);
      await dashboard.close();
    },
  };
}
