import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { makeFolder, removeEmptyFolders } from '../../files/make-folder.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { fileCause, fileErrorCode, isFileError } from '../../files/system-error.ts';
import { hlogHeader, hlogLines } from '../../metrics/hlog/hlog.ts';
import type { MergedInterval } from '../../metrics/merge/merge.ts';
import { REPORT_FILE, writeHtmlReport } from '../../report/html/write.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import type { RunObserver, StartedRun } from '../../run/observer.ts';
import { claimFolder, type FolderClaim } from './claim.ts';
import { clearResults, folderFault } from './contents.ts';

/** Where a run's files go. */
export type FolderPlace =
  /** Named by the user. `beside`: other files that the run writes, wherever they are. */
  | { readonly path: string; readonly beside?: readonly string[] | undefined }
  /** A new folder inside `parent`; if the name is taken, a number is appended. */
  | { readonly parent: string; readonly name: string };

/** A folder that a run's files cannot go into. */
export class ResultFolderError extends Error {
  override readonly name = 'ResultFolderError';

  constructor(path: string, why: string) {
    super(`${path} cannot take the results: ${why}; name another folder with --out`);
  }
}

/**
 * The files of one run. `timeline.ndjson` and `latency.hlog` grow as the run goes, so that a run that is killed leaves what it had
 * measured; the others appear whole or not at all. A file that cannot be written is noted and does not affect the others.
 */
export class ResultFolder implements RunObserver {
  readonly title = 'the writer of the results';
  readonly path: string;
  readonly #claim: FolderClaim;
  readonly #made: readonly string[];
  readonly #timeline: WriteStream;
  readonly #hlog: WriteStream;
  /** By file, why it is missing or incomplete. */
  readonly #unwritten = new Map<string, string>();
  /** Whether there is anything to keep. */
  #hasBegun = false;

  private constructor({ path, claim, made }: ClaimedFolder) {
    this.path = path;
    this.#claim = claim;
    this.#made = made;
    this.#timeline = this.#growing('timeline.ndjson');
    this.#hlog = this.#growing('latency.hlog');
  }

  /** Describes growing files that are incomplete; the run goes on without them. */
  get faults(): readonly string[] {
    return [...this.#unwritten].map(([file, cause]) => `${join(this.path, file)} is incomplete: ${cause}`);
  }

  /** Everything that could not be written, in one sentence; undefined if nothing is missing. */
  get unwritten(): string | undefined {
    if (this.#unwritten.size === 0) return undefined;
    const files = [...this.#unwritten].map(([file, cause]) => `${join(this.path, file)} (${cause})`);
    return `Results could not be written, or not to their end: ${files.join(', ')}`;
  }

  /** Makes the folder, claims it for this run and writes `scenario.yaml`. Rejects with a `ResultFolderError` if that fails. */
  static async create(place: FolderPlace, scenarioYaml: string): Promise<ResultFolder> {
    return new ResultFolder(await openResultFolder(place, scenarioYaml));
  }

  started({ beginsAt }: Pick<StartedRun, 'beginsAt'>): void {
    this.#hasBegun = true;
    this.#hlog.write(hlogHeader(beginsAt));
  }

  interval(line: TimelineLine, merged: MergedInterval): void {
    this.#hasBegun = true;
    this.#timeline.write(`${JSON.stringify(line)}\n`);
    this.#hlog.write(hlogLines(merged));
  }

  /** Flushes and closes the growing files. */
  async ended(): Promise<void> {
    // A failed stream has already notified its listener.
    await Promise.allSettled([this.#timeline, this.#hlog].map((stream) => finished(stream.end())));
  }

  /** Writes the files made from a finished run: `summary.json` and `report.html`. */
  async finished(summary: Summary): Promise<void> {
    this.#hasBegun = true;
    await this.#note('summary.json', () =>
      replaceFile(join(this.path, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`),
    );
    await this.#note(REPORT_FILE, () => writeHtmlReport(this.path, summary));
  }

  /** Releases the folder for other runs. Of a run that was refused after all, before it began, nothing is left. */
  async close(): Promise<void> {
    await this.ended();
    if (!this.#hasBegun) await this.#withdraw();
    this.#claim.letGo();
  }

  async #withdraw(): Promise<void> {
    const files = ['scenario.yaml', 'timeline.ndjson', 'latency.hlog'].map((name) => join(this.path, name));
    await Promise.allSettled(files.map((file) => rm(file, { force: true })));
    await removeEmptyFolders(this.#made);
  }

  /** The figures are safe in memory: if one file cannot be written, record why and go on with the next. */
  async #note(file: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#unwritten.set(file, fileCause(error));
    }
  }

  #growing(name: string): WriteStream {
    const stream = createWriteStream(join(this.path, name));
    stream.on('error', (error) => this.#unwritten.set(name, fileCause(error)));
    return stream;
  }
}

/** A folder that results may be written into, and nobody else's. */
export interface ClaimedFolder {
  readonly path: string;
  readonly claim: FolderClaim;
  /** Folders that were made for it, the outermost first. */
  readonly made: readonly string[];
}

/** Makes a folder for results, claims it and writes `scenario.yaml`. Rejects with a `ResultFolderError` if that fails. */
export async function openResultFolder(place: FolderPlace, scenarioYaml: string): Promise<ClaimedFolder> {
  const shown = 'path' in place ? place.path : place.parent;
  try {
    const folder = 'path' in place ? await namedFolder(place) : await newFolder(place.parent, place.name);
    await replaceFile(join(folder.path, 'scenario.yaml'), scenarioYaml);
    return folder;
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new ResultFolderError(shown, fileCause(error));
  }
}

async function namedFolder({ path, beside }: Extract<FolderPlace, { path: string }>): Promise<ClaimedFolder> {
  const made = await makeFolder(path);
  const claim = await claimFolder(path);
  if (claim === undefined) throw new ResultFolderError(path, 'another run is writing to it');
  const fault = await folderFault(path, beside);
  if (fault !== undefined) {
    claim.letGo();
    throw new ResultFolderError(path, fault);
  }
  await clearResults(path);
  return { path, claim, made };
}

/** More runs of one scenario than could start within a second. */
const MOST_OF_A_NAME = 1_000;

async function newFolder(parent: string, name: string): Promise<ClaimedFolder> {
  await makeFolder(parent);
  for (let number = 1; number <= MOST_OF_A_NAME; number++) {
    const path = join(parent, number === 1 ? name : `${name}-${number}`);
    if (!(await isMade(path))) continue;
    const claim = await claimFolder(path);
    if (claim !== undefined) return { path, claim, made: [path] };
  }
  throw new ResultFolderError(join(parent, name), 'there are too many of this name');
}

/** True if this call created it, so no other run can have it. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
