import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Summary, TimelineLine } from '../metrics/results.ts';

/**
 * The files of one run. `timeline.ndjson` and `latency.hlog` grow as the run goes, so that a run that is killed leaves what it had
 * measured; `summary.json` appears whole or not at all.
 */
export class ResultFolder {
  readonly path: string;
  readonly #timeline: WriteStream;
  readonly #hlog: WriteStream;
  readonly #faults = new Set<string>();

  private constructor(path: string) {
    this.path = path;
    this.#timeline = this.#growing('timeline.ndjson');
    this.#hlog = this.#growing('latency.hlog');
  }

  /** What could not be written, in words; the run goes on without it. */
  get faults(): readonly string[] {
    return [...this.#faults];
  }

  /** Makes the folder (and those above it) and writes `scenario.yaml`. Rejects when the folder cannot be made or written. */
  static async create(path: string, scenarioYaml: string): Promise<ResultFolder> {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'scenario.yaml'), scenarioYaml);
    return new ResultFolder(path);
  }

  addInterval(line: TimelineLine): void {
    this.#timeline.write(`${JSON.stringify(line)}\n`);
  }

  addHistograms(hlogText: string): void {
    this.#hlog.write(hlogText);
  }

  /** Writes `summary.json`; call after `close`. Rejects when it cannot be written. */
  async writeSummary(summary: Summary): Promise<void> {
    const path = join(this.path, 'summary.json');
    await writeFile(`${path}.part`, `${JSON.stringify(summary, null, 2)}\n`);
    await rename(`${path}.part`, path);
  }

  /** Flushes and closes the growing files. */
  async close(): Promise<void> {
    // A stream that failed has told its listener already.
    await Promise.allSettled([this.#timeline, this.#hlog].map((stream) => finished(stream.end())));
  }

  #growing(name: string): WriteStream {
    const path = join(this.path, name);
    const stream = createWriteStream(path);
    stream.on('error', (error) => this.#faults.add(`${path} is incomplete: ${error.message}`));
    return stream;
  }
}

/** Name of a run's folder: its start in local order and the scenario's name. `2026-01-31T12-00-00-quickstart` */
export function runFolderName(scenarioName: string, startedAt: Date): string {
  const instant = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
  return `${instant}-${scenarioName.replace(/[^\w.-]+/g, '-')}`;
}
