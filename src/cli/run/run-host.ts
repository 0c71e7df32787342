import type { Host } from '../../host/host.ts';
import { tuningIn } from '../../host/machine/tuning.ts';
import { machineHost } from '../../host/machine-host.ts';
import { ThreadHost } from '../../host/threads/thread-host.ts';
import type { Io } from '../io/io.ts';
import type { CheckedRun } from './run-checks.ts';
import type { RunArgs } from './run-options.ts';
import type { RunSurroundings } from './run-outlets.ts';

/** A host, and how to let go of it where that is needed. */
export interface OpenHost extends Host {
  close?(): Promise<void>;
}

/**
 * Where the workers of a run are: this machine, or agents that wait at a Redis; what is needed for the latter is loaded only then. Undefined if
 * the user did not wait for them.
 */
export async function openHost(
  io: Io,
  args: RunArgs,
  { scenario, limits, processes, part }: CheckedRun,
  { view, stop }: RunSurroundings,
): Promise<OpenHost | undefined> {
  const tuning = tuningIn(io.env);
  const options = { env: io.env, limits, tuning: tuning.ok ? tuning.tuning : undefined, part };
  if (args.redis === undefined) return (io.machineHost ?? machineHost)(options, processes);
  const { agentsOfRun } = await import('./agents-of-run.ts');
  const threads = new ThreadHost(options);
  return await agentsOfRun(io, args, {
    scenario,
    threads,
    abandoned: stop.asked,
    tell: (words) => view.announce(words),
  });
}
