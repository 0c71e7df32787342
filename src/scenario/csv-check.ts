import { scanDeviceCsv } from '../device/device-csv.ts';
import { isRefusal } from '../device/device-csv-row.ts';
import { DeviceSet } from './device-set.ts';
import type { Fault } from './fault.ts';
import { MAX_DEVICES } from './schema/values.ts';

/** Faults of one device file that are listed one by one. */
const MAX_LISTED = 20;

/** Finds the fleet, if any, whose generated devices hold a name. */
export type GeneratedOwner = (productKey: string, deviceName: string) => string | undefined;

/** What a device file holds. */
export interface CsvCheck {
  readonly count: number;
  /** At most 20, and a last one that says how many more there are. */
  readonly faults: readonly Fault[];
}

interface Suspect {
  readonly row: number;
  readonly productKey: string;
  readonly deviceName: string;
}

/**
 * Checks device files one after the other, and that no device stands in them twice, or is among the generated ones. Memory: a
 * `DeviceSet` of all rows, and nothing else that grows with them.
 */
export class CsvChecker {
  readonly #seen = new DeviceSet();
  readonly #files: { path: string; label: string; productKey: string | undefined }[] = [];
  readonly #generatedOwner: GeneratedOwner;

  constructor(generatedOwner: GeneratedOwner = () => undefined) {
    this.#generatedOwner = generatedOwner;
  }

  /** Checks a file. `label` is how faults name it; `productKey` is the fleet's, for rows that name none. */
  async check(path: string, label: string, productKey: string | undefined): Promise<CsvCheck> {
    const faults = new FaultList(label);
    const suspects: Suspect[] = [];
    let count = 0;
    this.#files.push({ path, label, productKey });
    for await (const result of scanDeviceCsv(path, { productKey })) {
      if (isRefusal(result)) {
        faults.add(result.row, result);
        continue;
      }
      if (++count > MAX_DEVICES) {
        faults.add(result.row, { message: `more than ${MAX_DEVICES} devices` });
        break;
      }
      const owner = this.#generatedOwner(result.productKey, result.deviceName);
      if (owner !== undefined) faults.add(result.row, { message: `fleet ${owner} generates a device of this name` });
      if (this.#seen.add(result.productKey, result.deviceName)) continue;
      if (suspects.length < MAX_LISTED) suspects.push(result);
      else faults.addUnlisted();
    }
    if (suspects.length > 0) await this.#addDuplicates(suspects, faults);
    if (count === 0 && faults.isEmpty)
      faults.add(0, { message: 'no devices', expected: 'at least one row after the header' });
    return { count, faults: faults.list() };
  }

  /** Looks the suspects' names up in the files read so far: only equal names are duplicates, equal hashes are not. */
  async #addDuplicates(suspects: readonly Suspect[], faults: FaultList): Promise<void> {
    const open = new Set(suspects);
    const current = this.#files.at(-1);
    for (const file of this.#files) {
      for await (const result of scanDeviceCsv(file.path, file)) {
        if (isRefusal(result)) continue;
        for (const suspect of open) {
          if (!isSameDevice(result, suspect) || (file === current && result.row >= suspect.row)) continue;
          faults.add(suspect.row, { message: `the same device stands in ${file.label}:${result.row}` });
          open.delete(suspect);
        }
        if (open.size === 0) return;
      }
    }
  }
}

function isSameDevice(one: Suspect, other: Suspect): boolean {
  return one.deviceName === other.deviceName && one.productKey === other.productKey;
}

/** The first faults of a file, by row, and the number of the others. */
class FaultList {
  readonly #label: string;
  readonly #listed: Fault[] = [];
  #unlisted = 0;

  constructor(label: string) {
    this.#label = label;
  }

  get isEmpty(): boolean {
    return this.#listed.length === 0;
  }

  add(row: number, text: Pick<Fault, 'message' | 'expected' | 'hint'>): void {
    if (this.#listed.length >= MAX_LISTED) this.#unlisted++;
    else this.#listed.push({ file: this.#label, line: row, column: 0, path: '', ...text });
  }

  addUnlisted(): void {
    this.#unlisted++;
  }

  list(): Fault[] {
    const byRow = [...this.#listed].sort((a, b) => a.line - b.line);
    if (this.#unlisted === 0) return byRow;
    return [...byRow, { file: this.#label, line: 0, column: 0, path: '', message: `and ${this.#unlisted} more` }];
  }
}

/** Checks one device file on its own. */
export function checkDeviceCsv(path: string, options: { productKey?: string | undefined } = {}): Promise<CsvCheck> {
  return new CsvChecker().check(path, path, options.productKey);
}
