import { resolve } from 'node:path';
import { readRegularFile } from '../../files/regular-file.ts';
import { causeOf } from '../../files/system-error.ts';
import type { CsvDevice, RowRefusal } from './device-csv-row.ts';

/** A certificate of a row that cannot be read. Neither the message nor the refusal repeats the field, which may be a key. */
export class RowCertificateError extends Error {
  override readonly name = 'RowCertificateError';
  readonly refusal: RowRefusal;

  constructor(refusal: RowRefusal, cause?: unknown) {
    super(refusal.message, { cause });
    this.refusal = refusal;
  }
}

/** Longer texts of pure base64 are not a path, but a certificate or key without its first and last line. */
const LONGEST_BASE64_PATH = 120;

/**
 * The client certificate of a row and its key, PEM; undefined when the row has none. A field is the PEM itself, or the path of a file
 * relative to the folder of the device list. Throws `RowCertificateError`.
 */
export async function readRowCertificate(
  { clientCert, clientKey }: CsvDevice,
  folder: string,
): Promise<{ readonly cert: string; readonly key: string } | undefined> {
  if (clientCert === undefined || clientKey === undefined) return undefined;
  return { cert: await pemOf('ClientCert', clientCert, folder), key: await pemOf('ClientKey', clientKey, folder) };
}

/** True if a row names files, instead of holding its certificate and key itself. */
export function isCertificateFile({ clientCert, clientKey }: CsvDevice): boolean {
  return [clientCert, clientKey].some((field) => field !== undefined && !isPem(field));
}

function isPem(field: string): boolean {
  return field.startsWith('-----BEGIN ');
}

async function pemOf(column: string, field: string, folder: string): Promise<string> {
  if (isPem(field)) return field;
  const expected = 'PEM from -----BEGIN to -----END, or the path of a PEM file';
  if (isBase64(field)) {
    throw new RowCertificateError({ message: `${column} is base64 without its first and last line`, expected });
  }
  try {
    return (await readRegularFile(resolve(folder, field))).toString('utf8');
  } catch (error) {
    throw new RowCertificateError(
      { message: `${column}: ${causeOf(error)} (not shown, as it may be a key)`, expected },
      error,
    );
  }
}

/** True for a text that is more likely a certificate or key, pasted without its first and last line, than a path. */
export function isBase64(field: string): boolean {
  return field.length > LONGEST_BASE64_PATH && /^[A-Za-z0-9+/=\s]+$/.test(field);
}
