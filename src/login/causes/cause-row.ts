import type { Certainty } from '../../results/login/login-report.ts';
import type { Findings } from './findings.ts';

/** A cause as tables have it. */
export interface CauseRow {
  /** Its name, which does not change between versions. */
  readonly cause: string;
  readonly words: string;
  readonly mend: string;
  /** `shown` where a trial or the service itself shows it; else its place in the table decides. */
  readonly certainty?: Certainty | undefined;
}

/** Causes of one kind of failure, the most likely first. */
export type CauseTable = (findings: Findings) => readonly CauseRow[];

/** A row that is there only if something holds. */
export function rowIf(holds: boolean, row: CauseRow): CauseRow[] {
  return holds ? [row] : [];
}
