import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileCause } from '../../files/system-error.ts';
import { SHARE_RECORD_FILE } from '../../results/share-result.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { RunObserver, StartedRun } from '../../run/observer.ts';
import type { RunNews } from '../../run/run-news.ts';
import type { OverLine, ShareLine, StartedLine } from './record-lines.ts';
import { recordText } from './write-line.ts';

/** The most text that may wait for the file: a record with a gap is worth nothing, so it ends where more would have to wait. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** What is recorded of the start of a share. */
export interface RecordedStart extends Pick<StartedRun, 'beginsAt' | 'target' | 'workers' | 'hosts'> {
  summary(): Pick<Summary, 'machine' | 'startedAt' | 'generator' | 'warnings'>;
}

/** What is recorded of its end. */
export type RecordedEnd = Pick<Summary, 'elapsedSec' | 'finishedAt' | 'kernel'>;

/** Lines that are recorded as they come. */
type HeardLine = RunNews | ShareLine | StartedLine | OverLine;

/**
 * `share.ndjson` of a share that is played apart. It grows as the share goes, so that one that is killed leaves what it had heard. If it
 * cannot be written, the share goes on, and says so.
 */
export class ShareRecord implements RunObserver {
  readonly title = 'the record of the share';
  readonly #path: string;
  readonly #stream: WriteStream;
  readonly #hash = createHash('sha256');
  readonly #kernelId: string | undefined;
  #fault: string | undefined;
  /** What was heard before the start, which is recorded after it. */
  #early: RunNews[] | undefined = [];

  /** Begins the record, in the folder of the share. `kernelId`: names the kernel of this machine that counts, if it is known. */
  constructor(folder: string, head: ShareLine, kernelId: string | undefined) {
    this.#path = join(folder, SHARE_RECORD_FILE);
    this.#kernelId = kernelId;
    this.#stream = createWriteStream(this.#path);
    this.#stream.on('error', (error) => {
      this.#fault ??= fileCause(error);
    });
    this.#write(head);
  }

  get faults(): readonly string[] {
    return this.unwritten === undefined ? [] : [this.unwritten];
  }

  /** Why the share cannot be merged, in words; undefined if nothing is missing. */
  get unwritten(): string | undefined {
    if (this.#fault === undefined) return undefined;
    return `${this.#path} is incomplete, so this share cannot be merged to its end: ${this.#fault}`;
  }

  started(run: RecordedStart): void {
    const { machine, startedAt, generator, warnings } = run.summary();
    this.#write({
      type: 'started',
      start: run.beginsAt.toISOString(),
      startedAt,
      target: run.target,
      workers: run.workers,
      hosts: run.hosts.map(({ name, workers }) => ({ name, workers: [...workers] })),
      machine,
      ...(this.#kernelId === undefined ? {} : { kernelId: this.#kernelId }),
      // Nothing is connected yet.
      descriptors: generator?.descriptors ?? { used: 0 },
      warnings,
    });
    for (const news of this.#early ?? []) this.#write(news);
    this.#early = undefined;
  }

  heard(news: RunNews): void {
    if (this.#early === undefined) this.#write(news);
    else this.#early.push(news);
  }

  /** Ends the record. One without an end counts as cut. */
  async finished({ elapsedSec, finishedAt, kernel }: RecordedEnd): Promise<void> {
    if (this.#early === undefined && this.#fault === undefined) {
      const over = { elapsedSec, finishedAt, ...(kernel === undefined ? {} : { kernel }) };
      this.#write({ type: 'over', ...over, sha256: this.#hash.digest('hex') });
    }
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#stream.writableEnded) return;
    // A failed stream has already told its listener.
    await Promise.allSettled([finished(this.#stream.end())]);
  }

  #write(line: HeardLine): void {
    if (this.#fault !== undefined) return;
    if (this.#stream.writableLength > MAX_WAITING_BYTES) {
      this.#fault = 'the disk could not keep up';
      return;
    }
    const text = recordText(line);
    if (line.type !== 'over') this.#hash.update(text);
    this.#stream.write(text);
  }
}
