import type { StallFigures } from '../metrics/judge/stalls.ts';
import type { FleetSummary } from '../results/summary/fleet-summary.ts';
import type { GeneratorHealth } from '../results/summary/generator-figures.ts';
import type { WorkerResult } from '../results/summary/worker-result.ts';

/** What a run knows of its own means. */
export interface GeneratorMeans {
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
  means: GeneratorMeans,
  stalls: StallFigures,
): GeneratorHealth {
  const slip = total.latency['slip']?.[judgedOutcome(total) ?? ''];
  const portsLeft = workers.flatMap((worker) => worker.portsLeft ?? []);
  return {
    client: means.client,
    ...(means.sources === 0 ? {} : { sources: means.sources }),
    slipP99Us: slip?.p99Us ?? 0,
    slipMaxUs: slip?.maxUs ?? 0,
    ...stalls,
    eventLoopDelayP99Us: largest(workers.map((worker) => worker.eventLoopDelayP99Us)),
    eventLoopDelayMaxUs: largest(workers.map((worker) => worker.eventLoopDelayMaxUs)),
    cpuShareMax: largest(workers.map((worker) => worker.cpuShareMax)),
    gcShareMax: largest(workers.map((worker) => worker.gcShareMax ?? 0)),
    descriptors: {
      used: means.baseDescriptors + means.peakSockets,
      ...(means.descriptorLimit === undefined ? {} : { limit: means.descriptorLimit }),
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
