import type { AttemptSink } from '../../device/session/attempt-sink.ts';
import type { AuthPhases } from '../../metrics/measure/attempt-record.ts';
import type { Outcome } from '../../results/outcome.ts';
import { ATTEMPT_NUMBERS, type AttemptBatch } from './attempt-batch.ts';

/** Rows of a batch. */
export const BATCH_ROWS = 256;
/** The most batches that may be in flight (9 MB); attempts that come beyond that are dropped and counted. */
export const MAX_AHEAD = 256;

/** Phases of an attempt without an HTTPS login. */
const NO_LOGIN: AuthPhases = { authUs: -1, authDnsUs: -1, authTcpUs: -1, authTlsUs: -1, authHttpUs: -1 };

/** Names of the devices and copies of a fleet. */
export interface AttemptNames {
  nameAt(index: number): string;
  /** Which copy of its device the session at this position is. */
  copyAt(position: number): number;
}

/** One worker's raw attempts: collected in batches and handed on, never faster than they are taken. */
export class AttemptLog {
  readonly #post: (batch: AttemptBatch) => void;
  #numbers = newNumbers();
  #devices: string[] = [];
  #outcomes: Outcome[] = [];
  #lost = 0;
  #ahead = 0;

  /** `post` may transfer the numbers' memory: every batch has its own. */
  constructor(post: (batch: AttemptBatch) => void) {
    this.#post = post;
  }

  /** Where the sessions of the fleet with this index put their attempts. */
  sink(fleet: number, names: AttemptNames): AttemptSink {
    return {
      add: ({ index, position, attempts, address, plannedUs }, attempt) => {
        const { startedUs, endedUs, auth = NO_LOGIN } = attempt;
        // In the order of `ATTEMPT_NUMBERS`.
        this.#addRow(names.nameAt(index), [
          fleet,
          index,
          names.copyAt(position),
          attempts,
          address,
          this.#outcomeOf(attempt.outcome),
          plannedUs,
          startedUs,
          endedUs,
          auth.authUs,
          auth.authDnsUs,
          auth.authTcpUs,
          auth.authTlsUs,
          auth.authHttpUs,
          attempt.dnsUs,
          attempt.tcpUs,
          attempt.tlsUs,
          attempt.mqttUs,
        ]);
      },
    };
  }

  /** The coordinator has taken a batch. */
  taken(): void {
    this.#ahead--;
  }

  /** Posts the attempts collected since the last batch. */
  flush(): void {
    if (this.#devices.length === 0 && this.#lost === 0) return;
    if (this.#ahead < MAX_AHEAD) this.#send();
    else this.#letGo();
  }

  /** Posts the rest, or at least their number: the last batch goes out however many are in flight. */
  close(): void {
    if (this.#ahead >= MAX_AHEAD) this.#letGo();
    if (this.#devices.length > 0 || this.#lost > 0) this.#send();
  }

  #addRow(device: string, numbers: readonly number[]): void {
    this.#numbers.set(numbers, this.#devices.length * ATTEMPT_NUMBERS.length);
    this.#devices.push(device);
    if (this.#devices.length === BATCH_ROWS) this.flush();
  }

  #outcomeOf(outcome: Outcome): number {
    const known = this.#outcomes.indexOf(outcome);
    return known >= 0 ? known : this.#outcomes.push(outcome) - 1;
  }

  #send(): void {
    const { length: rows } = this.#devices;
    const batch = { rows, numbers: this.#numbers, devices: this.#devices, outcomes: this.#outcomes, lost: this.#lost };
    this.#numbers = newNumbers();
    this.#devices = [];
    this.#outcomes = [];
    this.#lost = 0;
    this.#ahead++;
    this.#post(batch);
  }

  #letGo(): void {
    this.#lost += this.#devices.length;
    this.#devices = [];
    this.#outcomes = [];
  }
}

function newNumbers(): Float64Array<ArrayBuffer> {
  return new Float64Array(BATCH_ROWS * ATTEMPT_NUMBERS.length);
}
