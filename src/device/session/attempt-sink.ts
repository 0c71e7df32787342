import type { AttemptRecord } from '../../metrics/measure/attempt-record.ts';

/** The session that an attempt is one of. */
export interface AttemptMaker {
  /** Device in the fleet. */
  readonly index: number;
  /** Position among all sessions of the fleet. */
  readonly position: number;
  /** Its attempts so far, the one that has just got its outcome included. */
  readonly attempts: number;
  /** For when that attempt was planned, on the run's clock. */
  readonly plannedUs: number;
}

/** Takes the attempts of one fleet one by one, besides the recorder that counts them. */
export interface AttemptSink {
  /** An attempt of this session got its outcome. */
  add(session: AttemptMaker, attempt: AttemptRecord): void;
}
