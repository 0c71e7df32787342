import { type ProbeFault, unansweredAt } from '../../host/probe/probe.ts';

/** Why a target cannot be tested as it is, and what to change. */
export function probeText(faults: readonly ProbeFault[]): string {
  const lines = faults.flatMap((fault) => [
    `The target does not answer: ${unansweredAt(fault)}.`,
    `  What to change: ${fault.advice}.`,
  ]);
  return [...lines, 'Nothing was run. To run anyway: --no-probe', ''].join('\n');
}
