import type { LiveHost } from '../../../report/live/live-host.ts';
import type { TimelineLine } from '../../../results/timeline-line.ts';
import { US_PER_SEC } from '../../../time/units.ts';
import type { Sample, ValueRow } from '../metric-row.ts';
import { agentLabels, OTHER_AGENTS } from './agent-rows.ts';

/** How well the tool itself keeps up. */
export const WORKER_ROWS: readonly ValueRow[] = [
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_cpu_ratio',
    help: 'CPU of a worker thread in the last second, 0 to 1.',
    labels: ['worker', 'agent'],
    samples: byWorker(({ cpuShare }) => cpuShare),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_gc_ratio',
    help: 'Time in garbage collection in the last second, 0 to 1.',
    labels: ['worker', 'agent'],
    samples: byWorker(({ gcShare }) => gcShare),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_event_loop_delay_p99_seconds',
    help: 'Lateness of the event loop in the last second, 99th percentile.',
    labels: ['worker', 'agent'],
    samples: byWorker(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us / US_PER_SEC),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_event_loop_delay_max_seconds',
    help: 'Lateness of the event loop in the last second, largest.',
    labels: ['worker', 'agent'],
    samples: byWorker(({ eventLoopDelayMaxUs }) => eventLoopDelayMaxUs / US_PER_SEC),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_ports_left',
    help: 'Local ports left at the source with the fewest; absent if the system chooses the ports.',
    labels: ['worker', 'agent'],
    samples: byWorker(({ portsLeft }) => portsLeft),
  },
];

/** Workers of agents that have no label of their own share one, with their largest value. */
function byWorker(value: (worker: TimelineLine['workers'][number]) => number | undefined): ValueRow['samples'] {
  return ({ figures, hosts }) => {
    const agents = agentsOfWorkers(hosts);
    let others: number | undefined;
    const samples = (figures.lastInterval?.workers ?? []).flatMap((worker): Sample[] => {
      const found = value(worker);
      const agent = agents.get(worker.worker);
      if (agent === OTHER_AGENTS && found !== undefined) others = Math.max(others ?? found, found);
      if (found === undefined || agent === OTHER_AGENTS) return [];
      return [[{ worker: String(worker.worker), ...(agent === undefined ? {} : { agent }) }, found]];
    });
    const rest: Sample[] = others === undefined ? [] : [[{ worker: OTHER_AGENTS, agent: OTHER_AGENTS }, others]];
    return [...samples, ...rest];
  };
}

function agentsOfWorkers(hosts: readonly LiveHost[]): ReadonlyMap<number, string> {
  return new Map([...agentLabels(hosts)].flatMap(([host, agent]) => host.workers.map((worker) => [worker, agent])));
}
