import type { StallFigures } from '../../metrics/judge/stalls.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { GeneratorHealth } from '../../results/summary/generator-figures.ts';
import type { WorkerResult } from '../../results/summary/worker-result.ts';

/** What this machine offers the run, and how much of it was used. */
export interface GeneratorResources {
  readonly client: string;
  /** Number of source addresses; 0 when the system chose them. */
  readonly sources: number;
  /** Files the process had open before the first session. */
  readonly baseDescriptors: number;
  readonly descriptorLimit: number | undefined;
  /** The most sessions that held a socket at once. */
  readonly peakSockets: number;
}

/** Measures how well the tool itself kept up. */
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

/** The outcome whose attempts show how late the tool was: accepted, or the most frequent one if none was accepted. */
export function judgedOutcome({ outcomes }: FleetSummary): string | undefined {
  return outcomes[0]?.outcome;
}

function largest(values: readonly number[]): number {
  return Math.max(0, ...values);
}
