import type { StallFigures } from '../metrics/judge/stalls.ts';
import type { FleetSummary } from '../results/summary/fleet-summary.ts';
import type { GeneratorHealth } from '../results/summary/generator-figures.ts';
import type { WorkerResult } from '../results/summary/worker-result.ts';

/** What the run has to work with on this machine. */
export interface GeneratorResources {
  readonly client: string;
  /** Addresses that connections came from; 0: the system chose them. */
  readonly sources: number;
  /** Open files of the process before the first session, and the most it may open. */
  readonly baseDescriptors: number;
  readonly descriptorLimit: number | undefined;
  /** Most sessions that held a socket at once. */
  readonly peakSockets: number;
}

/** How well the tool itself did. */
export function generatorHealth(
  total: FleetSummary,
  workers: readonly WorkerResult[],
  resources: GeneratorResources,
  stalls: StallFigures,
): GeneratorHealth {
  const slip = total.latency['slip']?.[judgedOutcome(total) ?? ''];
  const portsLeft = workers.flatMap((worker) => worker.portsLeft ?? []);
  return {
    client: resources.client,
    ...(resources.sources === 0 ? {} : { sources: resources.sources }),
    slipP99Us: slip?.p99Us ?? 0,
    slipMaxUs: slip?.maxUs ?? 0,
    ...stalls,
    eventLoopDelayP99Us: largest(workers.map((worker) => worker.eventLoopDelayP99Us)),
    eventLoopDelayMaxUs: largest(workers.map((worker) => worker.eventLoopDelayMaxUs)),
    cpuShareMax: largest(workers.map((worker) => worker.cpuShareMax)),
    gcShareMax: largest(workers.map((worker) => worker.gcShareMax ?? 0)),
    descriptors: {
      used: resources.baseDescriptors + resources.peakSockets,
      ...(resources.descriptorLimit === undefined ? {} : { limit: resources.descriptorLimit }),
    },
    ...(portsLeft.length === 0 ? {} : { portsLeft: Math.min(...portsLeft) }),
  };
}

/** The outcome whose attempts tell how late the tool was: accepted, or the most frequent one when none was accepted. */
export function judgedOutcome({ outcomes }: FleetSummary): string | undefined {
  return outcomes[0]?.outcome;
}

function largest(values: readonly number[]): number {
  return Math.max(0, ...values);
}
