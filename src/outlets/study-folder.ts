import { join } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import { fileCause } from '../files/system-error.ts';
import { REPORT_FILE } from '../report/html/write.ts';
import { studyReport } from '../report/study/study-page.ts';
import type { StudySummary } from '../results/study/study-summary.ts';
import type { FolderClaim } from './folder/claim.ts';
import { type FolderPlace, openResultFolder } from './folder/result-folder.ts';

/** The files of one study: its summary, written anew after each hold, its report, and the scenario. */
export class StudyFolder {
  readonly path: string;
  readonly #claim: FolderClaim;
  /** By file, why it could not be written. */
  readonly #unwritten = new Map<string, string>();

  private constructor(path: string, claim: FolderClaim) {
    this.path = path;
    this.#claim = claim;
  }

  /** Makes the folder, claims it and writes `scenario.yaml`. Rejects with a `ResultFolderError` if that fails. */
  static async create(place: FolderPlace, scenarioYaml: string): Promise<StudyFolder> {
    const { path, claim } = await openResultFolder(place, scenarioYaml);
    return new StudyFolder(path, claim);
  }

  /** Everything that could not be written, in one sentence; undefined if nothing is missing. */
  get unwritten(): string | undefined {
    if (this.#unwritten.size === 0) return undefined;
    const files = [...this.#unwritten].map(([file, cause]) => `${join(this.path, file)} (${cause})`);
    return `Results could not be written: ${files.join(', ')}`;
  }

  /** Writes the summary so far: a study that is killed leaves what it knew. */
  async write(summary: StudySummary): Promise<void> {
    await this.#note('summary.json', () =>
      replaceFile(join(this.path, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`),
    );
  }

  /** Writes the summary and the report of a study that is over. */
  async finished(summary: StudySummary): Promise<void> {
    await this.write(summary);
    await this.#note(REPORT_FILE, async () =>
      replaceFile(join(this.path, REPORT_FILE), await studyReport(this.path, summary)),
    );
  }

  /** Releases the folder for others. */
  close(): void {
    this.#claim.letGo();
  }

  async #note(file: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.#unwritten.delete(file);
    } catch (error) {
      this.#unwritten.set(file, fileCause(error));
    }
  }
}
