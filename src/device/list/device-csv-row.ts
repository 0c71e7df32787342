import type { DeviceIdentity } from '../identity.ts';
import { columnName } from '../template.ts';
import type { CsvRow } from './csv-text.ts';
import type { DeviceColumn, ListRules } from './list-rules.ts';
import { isLoginMode, LOGIN_MODES, type LoginMode } from './login-mode.ts';

/** A device and the line of the file that its row starts on, as an editor counts them. */
export interface CsvDevice extends Omit<DeviceIdentity, 'certificate'> {
  readonly line: number;
  /** The client certificate under TLS and its key, where the row names them: PEM, or the path of a PEM file. */
  readonly clientCert?: string | undefined;
  readonly clientKey?: string | undefined;
  /** How an emulator lets the device log in, where the row says so. */
  readonly loginMode?: LoginMode | undefined;
}

/** Why a row cannot be used; contains no secrets. */
export interface RowRefusal {
  readonly message: string;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
}

/** A row that is not a device, and why. `line` is 0 if the file as a whole is meant. */
export interface CsvFault extends RowRefusal {
  readonly line: number;
}

/** Positions of the columns; -1 if missing. */
export interface Columns {
  readonly count: number;
  readonly deviceName: number;
  readonly deviceSecret: number;
  readonly productKey: number;
  readonly clientCert: number;
  readonly clientKey: number;
  /** Positions of the further columns, in the order of the rules. */
  readonly further: readonly number[];
  readonly loginMode: number;
}

/** Longest texts of a row, in characters: the client id of a device is its name, at most 64 (docs/protocol.md section 1). */
const PLATFORM_LENGTHS: Readonly<Record<DeviceColumn, number>> = { DeviceName: 64, DeviceSecret: 256, ProductKey: 63 };
const DEVICE_COLUMNS: readonly DeviceColumn[] = ['DeviceName', 'DeviceSecret', 'ProductKey'];
/** Names of columns that may be missing or empty. */
const OPTIONAL_NAMES = ['ClientCert', 'ClientKey', 'LoginMode'] as const;

/** True for a row that is not a device. */
export function isRefusal(result: object): result is RowRefusal {
  return 'message' in result;
}

/**
 * Reads the header line. Other columns may be present; case does not matter. The header's text is never repeated: in a file without a
 * header it is a device.
 */
export function columnsOf(header: readonly string[], rules: ListRules): Columns | RowRefusal {
  const names = header.map(columnName);
  const refusal =
    [...DEVICE_COLUMNS, ...OPTIONAL_NAMES].map((name) => doubleColumn(names, name)).find(isDefined) ??
    missingColumn(header, names, rules) ??
    rules.columns.map((name) => furtherRefusal(names, name)).find(isDefined);
  if (refusal !== undefined) return { ...refusal, expected: refusal.expected ?? expectedHeader(rules) };
  return {
    count: header.length,
    deviceName: names.indexOf('devicename'),
    deviceSecret: names.indexOf('devicesecret'),
    productKey: names.indexOf('productkey'),
    clientCert: names.indexOf('clientcert'),
    clientKey: names.indexOf('clientkey'),
    further: rules.columns.map((name) => names.indexOf(name)),
    loginMode: names.indexOf('loginmode'),
  };
}

/** Describes what the header line of a list must be. */
export function expectedHeader({ needed, columns, productKey }: ListRules): string {
  const names = [...needed.filter((name) => name !== 'ProductKey' || productKey === undefined), ...columns];
  if (names.length === 0) return 'a header line with the names of the columns';
  const last = names.pop();
  const list = names.length === 0 ? last : `${names.join(', ')} and ${last}`;
  return `a header line with ${list}, separated by commas, semicolons or tabs`;
}

function doubleColumn(names: readonly string[], name: string): RowRefusal | undefined {
  const found = names.filter((candidate) => candidate === columnName(name)).length;
  return found > 1 ? { message: `the column ${name} appears here ${found} times` } : undefined;
}

function missingColumn(
  header: readonly string[],
  names: readonly string[],
  { needed, productKey }: ListRules,
): RowRefusal | undefined {
  const isThere = (name: DeviceColumn): boolean =>
    names.includes(columnName(name)) || (name === 'ProductKey' && productKey !== undefined);
  const missing = needed.find((name) => !isThere(name));
  if (missing === undefined) return undefined;
  const hint = header.length === 1 && header[0]?.includes('|') ? 'put commas between the columns' : undefined;
  return { message: `the column ${missing} is missing`, hint };
}

function furtherRefusal(names: readonly string[], name: string): RowRefusal | undefined {
  if (names.includes(name)) return doubleColumn(names, name);
  return {
    message: `the column ${name} is missing`,
    expected: `a header line with all that templates name as \${column:...}`,
  };
}

/** True for an empty row, such as spreadsheets leave after the last one. */
export function isBlank({ fields }: CsvRow): boolean {
  return fields.every((field) => field.trim() === '');
}

/** Reads a row. The row's own ProductKey takes precedence over the fleet's. */
export function deviceOf({ fields, line }: CsvRow, columns: Columns, rules: ListRules): CsvDevice | CsvFault {
  if (!hasCount(fields, columns.count)) {
    return { line, message: `${fields.length} fields`, expected: `${columns.count}, as in the header line` };
  }
  const deviceName = fields[columns.deviceName] ?? '';
  const deviceSecret = fields[columns.deviceSecret] ?? '';
  const productKey = fields[columns.productKey] || rules.productKey || '';
  const refusal =
    refusalOf('DeviceName', deviceName, rules) ??
    refusalOf('DeviceSecret', deviceSecret, rules) ??
    refusalOf('ProductKey', productKey, rules) ??
    certificateRefusal(fields, columns) ??
    (rules.isPlatform ? loginModeRefusal(fields, columns) : undefined);
  if (refusal !== undefined) return { line, ...refusal };
  const { clientCert, clientKey } = certificateOf(fields, columns);
  const further = columns.further.length === 0 ? {} : { columns: columns.further.map((at) => fields[at] ?? '') };
  const identity = { productKey, deviceName: deviceName || `line-${line}`, deviceSecret, ...further };
  const device = { line, ...identity, ...loginModeOf(fields, columns) };
  return clientCert === undefined ? device : { ...device, clientCert, clientKey };
}

/** Some programs end each row with a delimiter. */
function hasCount(fields: readonly string[], count: number): boolean {
  return fields.length === count || (fields.length > count && fields.slice(count).every((field) => field === ''));
}

function loginModeOf(fields: readonly string[], columns: Columns): Pick<CsvDevice, 'loginMode'> {
  const loginMode = fields[columns.loginMode]?.trim() ?? '';
  return isLoginMode(loginMode) ? { loginMode } : {};
}

function loginModeRefusal(fields: readonly string[], columns: Columns): RowRefusal | undefined {
  const text = fields[columns.loginMode]?.trim() ?? '';
  if (text === '' || isLoginMode(text)) return undefined;
  return { message: 'LoginMode is unknown', expected: `one of ${LOGIN_MODES.join(', ')}, or nothing` };
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

function refusalOf(column: DeviceColumn, text: string, { needed, isPlatform }: ListRules): RowRefusal | undefined {
  if (text === '') return needed.includes(column) ? { message: `${column} is empty` } : undefined;
  if (isPlatform && text.length > PLATFORM_LENGTHS[column]) {
    return { message: `${column} is ${text.length} characters long`, expected: `at most ${PLATFORM_LENGTHS[column]}` };
  }
  if (isPlatform && column === 'ProductKey' && text.includes('&')) {
    return { message: 'ProductKey holds "&", which ends the device name in a login' };
  }
  if (!/[\p{Cc}\uFFFD]|^\s|\s$/u.test(text)) return undefined;
  if (text.includes('\uFFFD')) return { message: `${column} is neither UTF-8 nor GBK text` };
  if (text !== text.trim()) return { message: `${column} starts or ends with a blank` };
  // A secret of another platform may contain any bytes; names are shown to people.
  if (!isPlatform && column === 'DeviceSecret') return undefined;
  return { message: `${column} holds a control character` };
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
