import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { RegistrySource } from './config.ts';
import { EmulatorFault } from './fault.ts';
import type { Registry } from './registry.ts';

type CsvSource = Extract<RegistrySource, { kind: 'csv' }>;

const NAME = 'DeviceName';
const SECRET = 'DeviceSecret';
const PRODUCT = 'ProductKey';

/**
 * Streams a CSV file with DeviceName, DeviceSecret and ProductKey columns (in any order, others ignored) into memory. The
 * ProductKey column may be missing when the source names the product. Row 1 is the header;
 * blank lines are no rows. Throws EmulatorFault `devices-file`, which names the row and never holds a secret.
 */
export async function readDevicesCsv(source: CsvSource): Promise<Registry> {
  const devices = new KnownDevices();
  let row = 0;
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    columns: (header: string[]) => {
      row = 1;
      return checkHeader(header, source);
    },
  });
  try {
    await pipeline(createReadStream(source.path), parser, async (records: AsyncIterable<Record<string, string>>) => {
      for await (const record of records) {
        row += 1;
        addDevice(devices, record, row, source);
      }
    });
  } catch (error) {
    throw asDevicesFault(error, source.path);
  }
  if (row === 0) throw missingColumns(requiredColumns(source), source.path);
  return devices;
}

function devicesFault(message: string, cause?: unknown): EmulatorFault {
  return new EmulatorFault('devices-file', message, { cause });
}

function checkHeader(header: string[], source: CsvSource): string[] {
  const missing = requiredColumns(source).filter((column) => !header.includes(column));
  if (missing.length > 0) throw missingColumns(missing, source.path);
  return header;
}

function requiredColumns(source: CsvSource): string[] {
  return source.productKey === undefined ? [NAME, SECRET, PRODUCT] : [NAME, SECRET];
}

function missingColumns(missing: readonly string[], path: string): EmulatorFault {
  return devicesFault(`${path}: row 1: no column ${missing.join(', ')}; the first row must name it`);
}

function addDevice(devices: KnownDevices, record: Record<string, string>, row: number, source: CsvSource): void {
  const at = `${source.path}: row ${row}`;
  const deviceName = record[NAME];
  const deviceSecret = record[SECRET];
  const productKey = record[PRODUCT] || source.productKey;
  if (!deviceName) throw devicesFault(`${at}: ${NAME} is empty; every row needs one`);
  if (!deviceSecret) throw devicesFault(`${at}: ${SECRET} is empty; every row needs one`);
  if (!productKey) throw devicesFault(`${at}: ${PRODUCT} is empty; every row needs one`);
  if (productKey.includes('&'))
    throw devicesFault(`${at}: ${PRODUCT} holds "&", which ends the device name in a login`);
  if (!devices.add(productKey, deviceName, deviceSecret)) {
    throw devicesFault(
      `${at}: device ${deviceName} of product ${productKey} came before with another secret; keep one`,
    );
  }
}

function asDevicesFault(error: unknown, path: string): EmulatorFault {
  if (error instanceof EmulatorFault) return error;
  if (error instanceof CsvError) return devicesFault(`${path}: not a CSV file: ${csvReason(error)}`, error);
  const reason = error instanceof Error ? error.message : String(error);
  return devicesFault(`${path}: cannot be read: ${reason}`, error);
}

/** csv-parse quotes the field it failed in, which may be a secret: only its code and line are told. */
function csvReason(error: CsvError): string {
  const line = (error as CsvError & { lines?: unknown }).lines;
  return typeof line === 'number' ? `line ${line}: ${error.code}` : error.code;
}

/** Devices of files, held in memory. */
class KnownDevices implements Registry {
  readonly #products = new Map<string, Map<string, string>>();

  /** False when the device is known with another secret. */
  add(productKey: string, deviceName: string, deviceSecret: string): boolean {
    let product = this.#products.get(productKey);
    if (product === undefined) {
      product = new Map();
      this.#products.set(productKey, product);
    }
    const known = product.get(deviceName);
    product.set(deviceName, deviceSecret);
    return known === undefined || known === deviceSecret;
  }

  secretOf(productKey: string, deviceName: string): string | undefined {
    return this.#products.get(productKey)?.get(deviceName);
  }
}
