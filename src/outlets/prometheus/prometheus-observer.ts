import type { Summary } from '../../results/summary/summary.ts';
import type { RunObserver } from '../../run/observer.ts';
import { liveHosts } from '../live-hosts.ts';
import type { PrometheusServer } from './prometheus-server.ts';
import { sourceOf } from './run-source.ts';

/** Serves a run's figures. Closes once the scraper has the final ones; `tell` is called when it waits for that. */
export function prometheusObserver(server: PrometheusServer, tell: (words: string) => void): RunObserver {
  const lastScrapes: Promise<void>[] = [];
  let end: Summary | undefined;
  return {
    title: 'the page for Prometheus',
    started: (run) => {
      const hosts = liveHosts(run);
      server.follow(() => sourceOf(run, end, hosts));
    },
    finished: (summary) => {
      end = summary;
      lastScrapes.push(server.finished(tell));
    },
    close: async () => {
      await Promise.allSettled(lastScrapes);
      await server.close();
    },
  };
}
