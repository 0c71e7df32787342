import type { DeviceIdentity } from './identity.ts';
import { isLoginMode, LOGIN_MODES, type LoginMode } from './login-mode.ts';

/** A device and the row it stands in; the header is row 1, so that rows are the lines of the file. */
export interface CsvDevice extends Omit<DeviceIdentity, 'certificate'> {
  readonly row: number;
  /** The client certificate under TLS and its key, where the row names them: PEM, or the path of a PEM file. */
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  /** How an emulator lets the device log in, where the row says so. */
  readonly loginMode?: LoginMode | undefined;
}

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
  /** -1: there is none; so are the others below. */
  readonly productKey: number;
  readonly clientCert: number;
  readonly clientKey: number;
  readonly loginMode: number;
}

/** Longest texts of a row, in characters: the client id of a device is its name, at most 64 (protocol section 1). */
const MAX_LENGTHS = { DeviceName: 64, DeviceSecret: 256, ProductKey: 63 } as const;
type ColumnName = keyof typeof MAX_LENGTHS;
const COLUMN_NAMES = Object.keys(MAX_LENGTHS) as ColumnName[];
/** Columns that may be missing or empty. */
const OPTIONAL_NAMES = ['ClientCert', 'ClientKey', 'LoginMode'] as const;

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
  for (const name of OPTIONAL_NAMES) {
    const found = names.filter((candidate) => candidate === name.toLowerCase()).length;
    if (found > 1) return { message: `the column ${name} stands here ${found} times`, expected };
  }
  return {
    count: header.length,
    deviceName: names.indexOf('devicename'),
    deviceSecret: names.indexOf('devicesecret'),
    productKey: names.indexOf('productkey'),
    clientCert: names.indexOf('clientcert'),
    clientKey: names.indexOf('clientkey'),
    loginMode: names.indexOf('loginmode'),
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
    refusalOf('ProductKey', productKey) ??
    certificateRefusal(fields, columns) ??
    loginModeRefusal(fields, columns);
  if (refusal !== undefined) return { row, ...refusal };
  const { clientCert, clientKey } = certificateOf(fields, columns);
  const device = { row, productKey, deviceName, deviceSecret, ...loginModeOf(fields, columns) };
  return clientCert === undefined ? device : { ...device, clientCert, clientKey };
}

function loginModeOf(fields: readonly string[], columns: Columns): Pick<CsvDevice, 'loginMode'> {
  const loginMode = fields[columns.loginMode]?.trim() ?? '';
  return isLoginMode(loginMode) ? { loginMode } : {};
}

function loginModeRefusal(fields: readonly string[], columns: Columns): RowRefusal | undefined {
  const text = fields[columns.loginMode]?.trim() ?? '';
  if (text === '' || isLoginMode(text)) return undefined;
  return { message: 'LoginMode is none that there is', expected: `one of ${LOGIN_MODES.join(', ')}, or nothing` };
}

function certificateOf(fields: readonly string[], columns: Columns): Pick<CsvDevice, 'clientCert' | 'clientKey'> {
  return {
    clientCert: fields[columns.clientCert]?.trim() || undefined,
    clientKey: fields[columns.clientKey]?.trim() || undefined,
  };
}

/** A certificate is of no use without its key. */
function certificateRefusal(fields: readonly string[], columns: Columns): RowRefusal | undefined {
  const { clientCert, clientKey } = certificateOf(fields, columns);
  if ((clientCert === undefined) === (clientKey === undefined)) return undefined;
  const missing = clientCert === undefined ? 'ClientCert' : 'ClientKey';
  return { message: `${missing} is empty`, expected: 'ClientCert and ClientKey, both or neither' };
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
