import type { StepLog } from './step-log.ts';
import type { LoginSurroundings } from './surroundings.ts';

/** What a login is done with. */
export interface AttemptParts {
  readonly log: StepLog;
  readonly surroundings: LoginSurroundings;
  /** Of all steps up to CONNACK, and of each after it. */
  readonly withinUs: number;
}
