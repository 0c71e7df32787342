import { createHash } from 'node:crypto';
import type { CsvDevice, RowRefusal } from '../device/device-csv-row.ts';
import { RowCertificateError, readRowCertificate } from '../device/row-certificate.ts';
import { certificateFault } from '../link/client-certificate.ts';

/** Pairs of which a TLS context is built: 2 ms each on a slow machine. The files of all others are read. */
export const MAX_BUILT = 20_000;
/** Pairs that are remembered, so that rows which share one cost nothing: 32 characters each. */
const MAX_REMEMBERED = 100_000;

const COLUMNS = { certificate: 'ClientCert', key: 'ClientKey', pkcs12: 'ClientCert' } as const;

/** Checks the client certificates of device lists, row by row: whether a TLS context can be made of certificate and key. */
export class CertificateCheck {
  readonly #remembered = new Map<string, RowRefusal | undefined>();
  #built = 0;
  /** Rows whose pair was one too many to build a context of. */
  unbuilt = 0;

  /** What is wrong with the certificate of a device of a list in `folder`. */
  async refusalOf(device: CsvDevice, folder: string): Promise<RowRefusal | undefined> {
    try {
      const pair = await readRowCertificate(device, folder);
      return pair === undefined ? undefined : this.#refusalOfPair(pair.cert, pair.key);
    } catch (error) {
      if (error instanceof RowCertificateError) return error.refusal;
      throw error;
    }
  }

  #refusalOfPair(cert: string, key: string): RowRefusal | undefined {
    const id = createHash('sha256').update(cert).update('\n').update(key).digest('base64').slice(0, 32);
    if (this.#remembered.has(id)) return this.#remembered.get(id);
    if (this.#built >= MAX_BUILT) {
      this.unbuilt++;
      return undefined;
    }
    this.#built++;
    const fault = certificateFault({ cert, key });
    const refusal = fault && { ...fault, message: `${COLUMNS[fault.part]} ${fault.message}` };
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(id, refusal);
    return refusal;
  }
}
