import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import { formatCount } from '../../report/words/figures.ts';
import type { RunObserver, StartedRun } from '../../run/observer.ts';
import { type AttemptWords, attemptRows, attemptsHeader } from './attempt-rows.ts';

/** The most text that may wait for the file; rows that come while this much is waiting are dropped and counted. */
export const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** How long writing the remaining rows may take once the run is over. */
const LAST_ROWS_MS = 10_000;

/** The file of `run --attempts`. It writes what it can and counts what it cannot; the run never waits for it. */
export class AttemptsFile implements RunObserver {
  readonly title = 'the file of attempts';
  readonly #path: string;
  readonly #stream: Writable;
  readonly #words: AttemptWords;
  #startedAtMs = 0;
  #rows = 0;
  #written = 0;
  #fault: string | undefined;

  /** `stream`: where the CSV goes; `path`: its name in messages. */
  constructor(path: string, stream: Writable, words: AttemptWords) {
    this.#path = path;
    this.#stream = stream;
    this.#words = words;
    stream.on('error', (error) => {
      this.#fault ??= error.message;
    });
    stream.write(attemptsHeader(words));
  }

  /** Creates or truncates the file. Rejects if it cannot be written. */
  static async open(path: string, words: AttemptWords): Promise<AttemptsFile> {
    const file = await open(path, 'w');
    return new AttemptsFile(path, file.createWriteStream(), words);
  }

  /** Describes what could not be written, with the exact number of rows; empty if everything was. Complete after `ended`. */
  get faults(): readonly string[] {
    const lost = this.#rows - this.#written;
    if (lost === 0 && this.#fault === undefined) return [];
    const why = this.#fault ?? 'they could not be written in time';
    return [`${this.#path} lacks ${formatCount(lost)} of ${formatCount(this.#rows)} attempts: ${why}`];
  }

  /** Whether writing failed, as opposed to being slow. Complete after `ended`. */
  get isBroken(): boolean {
    return this.#fault !== undefined;
  }

  started({ beginsAt }: Pick<StartedRun, 'beginsAt'>): void {
    this.#startedAtMs = beginsAt.getTime();
  }

  attempts(batch: AttemptBatch, host = ''): void {
    this.#rows += batch.rows + batch.lost;
    if (batch.rows === 0 || this.#fault !== undefined || this.#stream.writableLength > MAX_WAITING_BYTES) return;
    this.#stream.write(attemptRows(batch, this.#words, this.#startedAtMs, host), (error) => {
      if (error === null || error === undefined) this.#written += batch.rows;
    });
  }

  /** Writes the rest and closes the file. Settles after a while even if the file accepts nothing more. */
  async ended(lastRowsMs = LAST_ROWS_MS): Promise<void> {
    if (this.#stream.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        // A write in progress cannot be cancelled; do not wait for it.
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
