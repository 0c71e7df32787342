import type { DeviceIdentity } from './identity.ts';

/** A device and the row it stands in; the header is row 1, so that rows are the lines of the file. */
export type CsvDevice = DeviceIdentity & { readonly row: number };

/** Why a row cannot be used; free of secrets. */
export interface RowRefusal {
  readonly message: string;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
}

/** A row that is no device, and why. `row` is 0 when the file as a whole is meant. */
export interface CsvFault extends RowRefusal {
  readonly row: number;
}

/** Where the columns stand. */
export interface Columns {
  readonly count: number;
  readonly deviceName: number;
  readonly deviceSecret: number;
  /** -1: there is none. */
  readonly productKey: number;
}

/** Longest texts of a row, in characters: the client id of a device is its name, at most 64 (protocol section 1). */
const MAX_LENGTHS = { DeviceName: 64, DeviceSecret: 256, ProductKey: 63 } as const;
type ColumnName = keyof typeof MAX_LENGTHS;
const COLUMN_NAMES = Object.keys(MAX_LENGTHS) as ColumnName[];

/** True for a row that is no device. */
export function isRefusal(result: object): result is RowRefusal {
  return 'message' in result;
}

/**
 * Reads the header line. Other columns may stand beside the known ones; capitals do not matter. The header's own text is never
 * repeated: in a file without a header it is a device.
 */
export function columnsOf(header: readonly string[], hasProductKey: boolean): Columns | RowRefusal {
  const names = header.map((name) => name.trim().toLowerCase());
  const expected = 'a header line with DeviceName, DeviceSecret and ProductKey, separated by commas';
  for (const name of COLUMN_NAMES) {
    const found = names.filter((candidate) => candidate === name.toLowerCase()).length;
    if (found > 1) return { message: `the column ${name} stands here ${found} times`, expected };
    if (found === 1 || (name === 'ProductKey' && hasProductKey)) continue;
    const hint = header.length === 1 && /[;\t|]/.test(header[0] ?? '') ? 'put commas between the columns' : undefined;
    return { message: `the column ${name} is missing`, expected, hint };
  }
  return {
    count: header.length,
    deviceName: names.indexOf('devicename'),
    deviceSecret: names.indexOf('devicesecret'),
    productKey: names.indexOf('productkey'),
  };
}

/** Reads a row. The row's own ProductKey goes before that of the fleet. */
export function deviceOf(
  fields: readonly string[],
  row: number,
  columns: Columns,
  fleetProductKey: string | undefined,
): CsvDevice | CsvFault {
  if (fields.length !== columns.count) {
    return { row, message: `${fields.length} fields`, expected: `${columns.count}, as in the header line` };
  }
  const deviceName = fields[columns.deviceName] ?? '';
  const deviceSecret = fields[columns.deviceSecret] ?? '';
  const productKey = fields[columns.productKey] || fleetProductKey || '';
  const refusal =
    refusalOf('DeviceName', deviceName) ??
    refusalOf('DeviceSecret', deviceSecret) ??
    refusalOf('ProductKey', productKey);
  return refusal === undefined ? { row, productKey, deviceName, deviceSecret } : { row, ...refusal };
}

function refusalOf(column: ColumnName, text: string): RowRefusal | undefined {
  if (text === '') return { message: `${column} is empty` };
  if (text.length > MAX_LENGTHS[column]) {
    return { message: `${column} is ${text.length} characters long`, expected: `at most ${MAX_LENGTHS[column]}` };
  }
  if (column === 'ProductKey' && text.includes('&')) {
    return { message: 'ProductKey holds "&", which ends the device name in a login' };
  }
  if (!/[\p{Cc}\uFFFD]|^\s|\s$/u.test(text)) return undefined;
  if (text.includes('\uFFFD')) return { message: `${column} is not UTF-8 text` };
  if (text !== text.trim()) return { message: `${column} starts or ends with a blank` };
  return { message: `${column} holds a control character` };
}
