import type { RowRefusal } from '../../device/list/device-csv-row.ts';
import { grouped } from '../../text/counts.ts';
import type { Fault, FaultText } from '../text/fault.ts';

/** Faults of one device file that are listed one by one. */
export const MAX_LISTED = 20;

/** The first faults of a device file, by row, and the number of the others. */
export class FaultList {
  readonly #label: string;
  readonly #listed: Fault[] = [];
  #unlisted = 0;

  /** `label` is how faults name the file. */
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
    const message = `and ${grouped(this.#unlisted)} more`;
    return [...byRow, { file: this.#label, line: 0, column: 0, path: '', message }];
  }
}
