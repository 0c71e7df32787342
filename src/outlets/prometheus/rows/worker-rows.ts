import type { TimelineLine } from '../../../results/timeline-line.ts';
import { US_PER_SEC } from '../../../time/units.ts';
import type { Sample, ValueRow } from '../metric-row.ts';

/** How well the tool itself keeps up. */
export const WORKER_ROWS: readonly ValueRow[] = [
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_cpu_ratio',
    help: 'CPU of a worker thread in the last second, 0 to 1.',
    labels: ['worker'],
    samples: byWorker(({ cpuShare }) => cpuShare),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_gc_ratio',
    help: 'Time in garbage collection in the last second, 0 to 1.',
    labels: ['worker'],
    samples: byWorker(({ gcShare }) => gcShare),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_event_loop_delay_p99_seconds',
    help: 'Lateness of the event loop in the last second, 99th percentile.',
    labels: ['worker'],
    samples: byWorker(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us / US_PER_SEC),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_event_loop_delay_max_seconds',
    help: 'Lateness of the event loop in the last second, largest.',
    labels: ['worker'],
    samples: byWorker(({ eventLoopDelayMaxUs }) => eventLoopDelayMaxUs / US_PER_SEC),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_worker_ports_left',
    help: 'Local ports left at the source with the fewest; absent if the system chooses the ports.',
    labels: ['worker'],
    samples: byWorker(({ portsLeft }) => portsLeft),
  },
];

function byWorker(value: (worker: TimelineLine['workers'][number]) => number | undefined): ValueRow['samples'] {
  return ({ figures }) =>
    (figures.lastInterval?.workers ?? []).flatMap((worker): Sample[] => {
      const found = value(worker);
      return found === undefined ? [] : [[{ worker: String(worker.worker) }, found]];
    });
}
