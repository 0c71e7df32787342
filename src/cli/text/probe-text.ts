import type { ProbeFault } from '../../host/probe/probe.ts';
import { addressOf } from '../../link/failures.ts';

/** Why a target cannot be tested as it is, and what to change. */
export function probeText(faults: readonly ProbeFault[]): string {
  const lines = faults.flatMap(({ setting, endpoint, outcome, detail, advice }) => [
    `The target does not answer: ${setting} ${addressOf(endpoint)}: ${outcome} (${detail}).`,
    `  What to change: ${advice}.`,
  ]);
  return [...lines, 'Nothing was run. To run anyway: --no-probe', ''].join('\n');
}
