import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, type Parser, parse } from 'csv-parse';
import { type Columns, type CsvDevice, type CsvFault, columnsOf, deviceOf, isRefusal } from './device-csv-row.ts';
import { causeOf } from './file-cause.ts';

/** A device file that cannot be used: file, row and why, free of secrets. */
export class DeviceCsvError extends Error {
  override readonly name = 'DeviceCsvError';
}

/** How the rows of a device file are understood. */
export interface CsvOptions {
  /** Product of rows that name none: the fleet's. */
  readonly productKey?: string | undefined;
}

/** Longer than any row of three fields of legal length; keeps an unclosed quote from swallowing the file. */
const MAX_ROW_BYTES = 16_384;

/** The devices of a CSV file, streamed in constant memory. Throws `DeviceCsvError` at the first fault. */
export async function* readDeviceCsv(
  path: string,
  options: CsvOptions = {},
): AsyncGenerator<CsvDevice, void, undefined> {
  for await (const result of scanDeviceCsv(path, options)) {
    if (isRefusal(result)) throw new DeviceCsvError(describe(path, result));
    yield result;
  }
}

/** Every row of a CSV file, streamed: a device, or what is wrong with it. Ends after a fault that hides the rest. */
export async function* scanDeviceCsv(
  path: string,
  options: CsvOptions,
): AsyncGenerator<CsvDevice | CsvFault, void, undefined> {
  let row = 0;
  let columns: Columns | undefined;
  try {
    for await (const fields of csvRecords(path)) {
      row++;
      if (fields.length === 1 && fields[0] === '') continue;
      if (columns !== undefined) {
        yield deviceOf(fields, row, columns, options.productKey);
        continue;
      }
      const header = columnsOf(fields, options.productKey !== undefined);
      if (isRefusal(header)) return yield { row, ...header };
      columns = header;
    }
  } catch (error) {
    return yield fileFault(error);
  }
  if (columns === undefined)
    yield { row: 0, message: 'the file is empty', expected: 'a header line: DeviceName,DeviceSecret,ProductKey' };
}

function csvRecords(path: string): AsyncIterable<string[]> {
  const parser: Parser = parse({ bom: true, relax_column_count: true, max_record_size: MAX_ROW_BYTES });
  // A failure of either stream destroys the parser with it, and the loop over the parser throws it.
  pipeline(createReadStream(path), parser, () => undefined);
  return parser;
}

/** What the CSV parser or the file system threw. The parser's own words may quote the file, so they are not repeated. */
function fileFault(error: unknown): CsvFault {
  if (!(error instanceof CsvError)) return { row: 0, message: causeOf(error) };
  // Rows that were read and not yet delivered are lost at an error, so our own count may be behind the parser's.
  const row = Number(error['records']) + 1;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return { row, message: `longer than ${MAX_ROW_BYTES} bytes`, hint: 'is a quote not closed?' };
  }
  return { row, message: 'not CSV: a quote stands where none may, or is not closed' };
}

function describe(path: string, fault: CsvFault): string {
  return `${path}${fault.row === 0 ? '' : `:${fault.row}`}: ${fault.message}`;
}
