import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { version } from 'node:process';
import type { Summary } from '../../results/summary/summary.ts';

/** The machine a run was played on, as far as it affects the measurements. */
export function describeMachine(): Summary['machine'] {
  return {
    node: version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
  };
}
