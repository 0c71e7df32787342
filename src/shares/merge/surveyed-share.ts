import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileCause, fileErrorCode, isFileError } from '../../files/system-error.ts';
import { INTERVAL_US } from '../../metrics/measure/interval.ts';
import { SHARE_RECORD_FILE } from '../../results/share-result.ts';
import { escapeControls } from '../../text/safe-text.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { RecordError, readRecord } from '../record/read-record.ts';
import type { OverLine, RecordLine, ShareLine, StartedLine } from '../record/record-lines.ts';

/** A share that can be merged, if it belongs to the others: what its folder says of it. */
export interface SurveyedShare {
  readonly folder: string;
  readonly head: ShareLine;
  readonly started: StartedLine;
  /** Undefined if it was killed. */
  readonly over: OverLine | undefined;
  /** Set if it was ended before its time: seconds from its start. */
  readonly stoppedSec: number | undefined;
  /** Seconds from its start of which something is known. */
  readonly knownSec: number;
}

/** A share, or why a folder is none that can be merged, in words. */
export type Surveyed =
  | { readonly ok: true; readonly share: SurveyedShare }
  /** `head`: which share it is, where that much is known. */
  | { readonly ok: false; readonly fault: string; readonly head?: ShareLine | undefined };

/** Reads the record of a share from end to end and says what it holds. Rejects only for what is not the folder's doing. */
export async function surveyShare(folder: string): Promise<Surveyed> {
  const survey = new Survey();
  try {
    for await (const line of readRecord(join(folder, SHARE_RECORD_FILE))) survey.add(line);
  } catch (error) {
    return { ok: false, fault: `${folder} ${await whyUnreadable(folder, error)}`, head: survey.head };
  }
  const { head } = survey;
  const fault = survey.fault();
  if (fault !== undefined) return { ok: false, fault: `${folder} ${fault}`, head };
  const share = survey.share(folder);
  if (share === undefined) return { ok: false, fault: `${folder} holds nothing of a share`, head };
  return { ok: true, share };
}

async function whyUnreadable(folder: string, error: unknown): Promise<string> {
  if (error instanceof RecordError)
    return `cannot be merged, its ${SHARE_RECORD_FILE} is broken: ${escapeControls(error.message)}`;
  if (!isFileError(error)) throw error;
  const code = fileErrorCode(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR')
    return `cannot be merged, its ${SHARE_RECORD_FILE} cannot be read: ${fileCause(error)}`;
  if (!(await isThere(folder))) return 'does not exist';
  if (await isThere(join(folder, 'summary.json'))) return 'is a whole run, not a share: it was not played with --shard';
  return `is no share: it has no ${SHARE_RECORD_FILE}, which \`fleetstorm run FILE --shard K/N\` writes`;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Goes through the lines of a record. */
class Survey {
  head: ShareLine | undefined;
  #started: StartedLine | undefined;
  #over: OverLine | undefined;
  #stoppedUs: number | undefined;
  #knownIntervals = 0;
  #misplaced: string | undefined;

  add(line: RecordLine): void {
    switch (line.type) {
      case 'share':
        this.head = line;
        break;
      case 'started':
        this.#started = line;
        break;
      case 'snapshot':
        this.#knownIntervals = Math.max(this.#knownIntervals, line.snapshot.interval + 1);
        this.#checkWorker(line.snapshot.worker);
        this.#checkFleets(line.snapshot.fleets.map(({ fleet }) => fleet));
        break;
      case 'worker-end':
        this.#checkWorker(line.worker);
        break;
      case 'stopped':
        this.#stoppedUs = line.atUs;
        break;
      case 'over':
        this.#over = line;
        break;
      default:
        line satisfies never;
    }
  }

  /** Why it cannot be merged, in words; undefined if it can, as far as it can tell by itself. */
  fault(): string | undefined {
    const { head } = this;
    if (head === undefined) return `is no share: its ${SHARE_RECORD_FILE} is empty. It was killed before it began`;
    const name = `is share ${head.index} of ${head.of}, and`;
    if (head.index > head.of) return `says that it is share ${head.index} of ${head.of}`;
    if (createHash('sha256').update(head.yaml).digest('hex') !== head.scenarioSha256) {
      return `${name} its scenario is not the one that it names`;
    }
    if (this.#misplaced !== undefined) return `${name} its ${SHARE_RECORD_FILE} is broken: ${this.#misplaced}`;
    if (this.#started === undefined) return `${name} was ended before it started: nothing of it was played`;
    if (this.#knownIntervals === 0) return `${name} was ended within its first second: nothing of it is known`;
    return undefined;
  }

  share(folder: string): SurveyedShare | undefined {
    const [head, started] = [this.head, this.#started];
    if (head === undefined || started === undefined) return undefined;
    const knownSec = (this.#knownIntervals * INTERVAL_US) / US_PER_SEC;
    const stoppedSec = this.#stoppedUs === undefined ? undefined : Math.max(0, this.#stoppedUs / US_PER_SEC);
    return { folder, head, started, over: this.#over, stoppedSec, knownSec };
  }

  #checkWorker(worker: number): void {
    if (this.#started === undefined) this.#misplaced ??= 'it tells of workers before the start';
    else if (worker >= this.#started.workers) this.#misplaced ??= `it tells of a worker ${worker} that there is not`;
  }

  #checkFleets(names: readonly string[]): void {
    const known = this.head?.plan.fleets.map(({ name }) => name) ?? [];
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) this.#misplaced ??= `it tells of a fleet ${unknown} that there is not`;
  }
}
