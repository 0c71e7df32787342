import type { AttemptRecord } from '../../metrics/measure/attempt-record.ts';

/** The session that makes an attempt. */
export interface AttemptMaker {
  /** Device in the fleet. */
  readonly index: number;
  /** Position among all sessions of the fleet. */
  readonly position: number;
  /** Its attempts so far, including the one that has just got its outcome. */
  readonly attempts: number;
  /** Which address of the service that attempt went to. */
  readonly address: number;
  /** The instant that attempt was planned for, on the run's clock. */
  readonly plannedUs: number;
}

/** Takes the attempts of one fleet one by one, besides the recorder that counts them. */
export interface AttemptSink {
  /** An attempt of this session got its outcome. */
  add(session: AttemptMaker, attempt: AttemptRecord): void;
}
