import { dirname } from 'node:path';
import { scanDeviceCsv } from '../../device/list/device-csv.ts';
import { type CsvDevice, isRefusal, type RowRefusal } from '../../device/list/device-csv-row.ts';
import type { ListRules } from '../../device/list/list-rules.ts';
import type { TextEncoding } from '../../files/text-file.ts';
import { MAX_DEVICES } from '../schema/values.ts';
import { type Fault, type FaultText, formatPath, type Path } from '../text/fault.ts';
import { CertificateCheck } from './certificate-check.ts';
import { DeviceSet, NOBODY } from './device-set.ts';
import type { FleetTexts } from './fleet-texts.ts';
import type { Opener } from './passphrase.ts';

/** Faults of one device file that are listed one by one. */
const MAX_LISTED = 20;

/** Finds the fleet, if any, whose generated devices hold a name. */
export type GeneratedOwner = (productKey: string, deviceName: string) => string | undefined;

/** What a device file holds. */
export interface CsvCheck {
  readonly count: number;
  /** At most 20, and a last one that says how many more there are. */
  readonly faults: readonly Fault[];
  /** What the file may not have been meant to be. */
  readonly warnings: readonly Fault[];
}

/** What a device file is checked against. */
export interface ListUse {
  readonly rules: ListRules;
  /** What the fleet's templates become, and where the fleet stands in the scenario. */
  readonly fleet?: { readonly texts: FleetTexts; readonly path: Path } | undefined;
}

/** A file that has been read, and how faults name it. */
interface ReadFile {
  readonly path: string;
  readonly label: string;
  readonly rules: ListRules;
}

type Suspect = Pick<CsvDevice, 'line' | 'productKey' | 'deviceName'>;

/**
 * Checks device files one after the other, and that no device of the platform stands in them twice, or is among the generated ones: name
 * and product are what the service tells devices apart by. Memory: a `DeviceSet` of all rows, and nothing else that grows with them.
 */
export class CsvChecker {
  readonly #seen = new DeviceSet();
  readonly #files: ReadFile[] = [];
  readonly #certificates: CertificateCheck;
  readonly #generatedOwner: GeneratedOwner;

  /** `opener`: what opens keys that are encrypted. */
  constructor(generatedOwner: GeneratedOwner = () => undefined, opener: Opener = { isKnown: true }) {
    this.#generatedOwner = generatedOwner;
    this.#certificates = new CertificateCheck(opener);
  }

  /** Checks a file. `label` is how faults name it. */
  async check(path: string, label: string, use: ListUse): Promise<CsvCheck> {
    const faults = new FaultList(label);
    const file = { path, label, rules: use.rules };
    const suspects: Suspect[] = [];
    let count = 0;
    const opened: { encoding?: TextEncoding } = {};
    this.#files.push(file);
    const rows = scanDeviceCsv(path, use.rules, (opening) => {
      opened.encoding = opening.encoding;
    });
    for await (const row of rows) {
      if (isRefusal(row)) {
        faults.add(row.line, row);
        continue;
      }
      if (++count > MAX_DEVICES) {
        faults.add(row.line, { message: `more than ${MAX_DEVICES} devices` });
        break;
      }
      await this.#checkDevice(row, count, dirname(path), use, faults);
      if (!use.rules.isPlatform || this.#seen.add(row.productKey, row.deviceName) === NOBODY) continue;
      if (suspects.length < MAX_LISTED) suspects.push(row);
      else faults.addUnlisted();
    }
    if (suspects.length > 0) await this.#addDuplicates(suspects, faults);
    if (count === 0 && faults.isEmpty)
      faults.add(0, { message: 'no devices', expected: 'at least one row after the header' });
    const warnings = opened.encoding === 'gb18030' ? [guessedEncoding(label)] : [];
    return { count, faults: faults.list(), warnings };
  }

  /** All that can be said of a row without the others; `position` counts from 1. */
  async #checkDevice(
    device: CsvDevice,
    position: number,
    folder: string,
    { rules, fleet }: ListUse,
    faults: FaultList,
  ): Promise<void> {
    const owner = rules.isPlatform ? this.#generatedOwner(device.productKey, device.deviceName) : undefined;
    if (owner !== undefined) faults.add(device.line, { message: `fleet ${owner} generates a device of this name` });
    const fault = fleet?.texts.faultOf({ ...device, index: String(position) });
    if (fleet !== undefined && fault !== undefined) {
      faults.add(device.line, fault.text, formatPath([...fleet.path, ...fault.path]));
    }
    if (device.clientCert === undefined) return;
    const refusal = await this.#certificates.refusalOf(device, folder);
    if (refusal !== undefined) faults.add(device.line, refusal);
  }

  /** Looks the suspects' names up in the files read so far: only equal names are duplicates, equal hashes are not. */
  async #addDuplicates(suspects: readonly Suspect[], faults: FaultList): Promise<void> {
    const open = new Set(suspects);
    const current = this.#files.at(-1);
    for (const file of this.#files) {
      if (!file.rules.isPlatform) continue;
      for await (const result of scanDeviceCsv(file.path, file.rules)) {
        if (isRefusal(result)) continue;
        for (const suspect of open) {
          if (!isSameDevice(result, suspect) || (file === current && result.line >= suspect.line)) continue;
          faults.add(suspect.line, { message: `the same device stands in ${file.label}:${result.line}` });
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

  add(line: number, { message, expected, hint }: RowRefusal | FaultText, path = ''): void {
    if (this.#listed.length >= MAX_LISTED) this.#unlisted++;
    else this.#listed.push({ file: this.#label, line, column: 0, path, message, expected, hint });
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

function guessedEncoding(label: string): Fault {
  const text = { message: 'not UTF-8, so it was read as GBK', hint: 'save it as UTF-8 if that is wrong' };
  return { file: label, line: 0, column: 0, path: '', ...text };
}
