import type { HostResult } from '../../results/summary/host-result.ts';
import { formatUs } from '../../time/units.ts';

/** How wrong the clock of a host may be, and how far it moved during the run; empty where that is not known. */
export function clockWords({ clockErrorUs, clockDriftUs }: HostResult): [error: string, drift: string] {
  return [
    clockErrorUs === undefined ? '' : formatUs(clockErrorUs),
    clockDriftUs === undefined ? '' : formatUs(Math.abs(clockDriftUs)),
  ];
}
