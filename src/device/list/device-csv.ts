import { NotRegularFileError } from '../../files/regular-file.ts';
import { causeOf } from '../../files/system-error.ts';
import { openTextFile, type TextEncoding, type TextFile } from '../../files/text-file.ts';
import { CsvReader, type CsvRow, CsvSyntaxError, MAX_ROW_CHARS } from './csv-text.ts';
import {
  type Columns,
  type CsvDevice,
  type CsvFault,
  columnsOf,
  deviceOf,
  expectedHeader,
  isBlank,
  isRefusal,
} from './device-csv-row.ts';
import type { ListRules } from './list-rules.ts';

/** A device file that cannot be used: file, line and reason, without secrets. */
export class DeviceCsvError extends Error {
  override readonly name = 'DeviceCsvError';
}

/** What is known about a file before its first row. */
export interface CsvOpening {
  readonly encoding: TextEncoding;
}

/** Delimiters that spreadsheets use; the first is assumed if the header does not decide. */
const DELIMITERS = [',', ';', '\t'] as const;
/** Excel's first line that names the delimiter. */
const NAMED_DELIMITER = /^sep=(.)$/;

/** The devices of a CSV file, streamed in constant memory. Throws `DeviceCsvError` at the first fault. */
export async function* readDeviceCsv(path: string, rules: ListRules): AsyncGenerator<CsvDevice, void, undefined> {
  for await (const result of scanDeviceCsv(path, rules)) {
    if (isRefusal(result)) throw new DeviceCsvError(describe(path, result));
    yield result;
  }
}

/**
 * Every row of a CSV file, streamed: a device, or what is wrong with it. Ends after a fault that hides the rest. `onOpen` receives how the
 * file was understood.
 */
export async function* scanDeviceCsv(
  path: string,
  rules: ListRules,
  onOpen: (opening: CsvOpening) => void = () => undefined,
): AsyncGenerator<CsvDevice | CsvFault, void, undefined> {
  let columns: Columns | undefined;
  try {
    const file = await openTextFile(path);
    onOpen(file);
    for await (const rows of rowsOf(file)) {
      for (const row of rows) {
        if (isBlank(row)) continue;
        if (columns !== undefined) {
          yield deviceOf(row, columns, rules);
          continue;
        }
        const header = columnsOf(row.fields, rules);
        if (isRefusal(header)) return yield { line: row.line, ...header };
        columns = header;
      }
    }
  } catch (error) {
    return yield fileFault(error);
  }
  if (columns === undefined) yield { line: 0, message: 'the file is empty', expected: expectedHeader(rules) };
}

async function* rowsOf(file: TextFile): AsyncGenerator<CsvRow[], void, undefined> {
  let reader: CsvReader | undefined;
  let start = '';
  for await (const piece of file.pieces()) {
    if (reader !== undefined) {
      yield reader.push(piece);
      continue;
    }
    start += piece;
    if (!/[^\r\n][\r\n]/.test(start) && start.length < MAX_ROW_CHARS) continue;
    reader = new CsvReader(delimiterOf(start));
    yield withoutName(reader.push(start));
  }
  if (reader === undefined) {
    reader = new CsvReader(delimiterOf(start));
    yield withoutName(reader.push(start));
  }
  yield reader.end();
}

/** The delimiter that the first line names, or that splits it into the most columns. */
function delimiterOf(start: string): string {
  const [first = ''] = start.trimStart().split(/[\r\n]/, 1);
  const named = NAMED_DELIMITER.exec(first)?.[1];
  if (named !== undefined) return named;
  const unquoted = first.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => unquoted.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** The rows without the one that only names the delimiter. */
function withoutName(rows: CsvRow[]): CsvRow[] {
  const [first] = rows;
  const isName =
    first !== undefined && first.fields[0] === 'sep=' && first.fields.length === 2 && first.fields[1] === '';
  return isName ? rows.slice(1) : rows;
}

/** The fault behind an error of the reader or the file system. */
function fileFault(error: unknown): CsvFault {
  if (error instanceof CsvSyntaxError) return { line: error.line, message: error.message, hint: error.hint };
  if (error instanceof NotRegularFileError) {
    return {
      line: 0,
      message: 'not a regular file, and a device list is read several times',
      expected: 'a file',
      hint: 'write it into one first: cat > devices.csv',
    };
  }
  return { line: 0, message: causeOf(error) };
}

function describe(path: string, fault: CsvFault): string {
  return `${path}${fault.line === 0 ? '' : `:${fault.line}`}: ${fault.message}`;
}
