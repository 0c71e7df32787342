import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import type { RunObserver, StartedRun } from '../../run/observer.ts';
import { ATTEMPTS_HEADER, attemptRows } from './attempt-rows.ts';

/** Text that waits for the file at most; rows that come while so much waits are let go and counted. */
export const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** How long the file may take for the rest once the run is over. */
const LAST_ROWS_MS = 10_000;

/** The file of `run --attempts`. It takes what it can and counts what it cannot; the run never waits for it. */
export class AttemptsFile implements RunObserver {
  readonly title = 'the file of attempts';
  readonly #path: string;
  readonly #stream: Writable;
  readonly #fleetNames: readonly string[];
  #startedAtMs = 0;
  #rows = 0;
  #written = 0;
  #fault: string | undefined;

  /** `stream`: where the CSV goes; `path`: what it is called in words. */
  constructor(path: string, stream: Writable, fleetNames: readonly string[]) {
    this.#path = path;
    this.#stream = stream;
    this.#fleetNames = fleetNames;
    stream.on('error', (error) => {
      this.#fault ??= error.message;
    });
    stream.write(ATTEMPTS_HEADER);
  }

  /** Opens the file anew. Rejects when it cannot be written. */
  static async open(path: string, fleetNames: readonly string[]): Promise<AttemptsFile> {
    const file = await open(path, 'w');
    return new AttemptsFile(path, file.createWriteStream(), fleetNames);
  }

  /** What could not be written, with the exact number of rows, in words; empty when everything was. Complete after `ended`. */
  get faults(): readonly string[] {
    const lost = this.#rows - this.#written;
    if (lost === 0 && this.#fault === undefined) return [];
    const why = this.#fault ?? 'they could not be written in time';
    return [`${this.#path} lacks ${lost} of ${this.#rows} attempts: ${why}`];
  }

  /** Whether the file refused rows, which is another thing than being slow. Complete after `ended`. */
  get isBroken(): boolean {
    return this.#fault !== undefined;
  }

  started({ beginsAt }: Pick<StartedRun, 'beginsAt'>): void {
    this.#startedAtMs = beginsAt.getTime();
  }

  attempts(batch: AttemptBatch): void {
    this.#rows += batch.rows + batch.lost;
    if (batch.rows === 0 || this.#fault !== undefined || this.#stream.writableLength > MAX_WAITING_BYTES) return;
    this.#stream.write(attemptRows(batch, this.#fleetNames, this.#startedAtMs), (error) => {
      if (error === null || error === undefined) this.#written += batch.rows;
    });
  }

  /** Writes the rest and closes the file. Settles after a while even when the file takes nothing more. */
  async ended(lastRowsMs = LAST_ROWS_MS): Promise<void> {
    if (this.#stream.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        // What is being written right now cannot be called back, and nobody waits for it.
        this.#stream.destroy();
        resolve();
      }, lastRowsMs);
      this.#stream.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#stream.end();
    });
  }

  async close(): Promise<void> {
    await this.ended();
  }
}
