import { createHash } from 'node:crypto';
import type { CsvDevice, RowRefusal } from '../../device/list/device-csv-row.ts';
import { RowCertificateError, readRowCertificate } from '../../device/list/row-certificate.ts';
import { certificateFault } from '../../link/socket/client-certificate.ts';
import { isPlainlyKeyOf } from '../../link/socket/key-match.ts';
import type { Opener } from './passphrase.ts';

/** Pairs for which a TLS context is built (2 ms each on a slow machine); of later ones, only those whose key does not plainly match. */
const MAX_BUILT = 2_000;
/** Faults beyond that whose cause is still determined, in the same way. */
const MAX_EXPLAINED = 1_000;
/** Pairs that are remembered (32 characters each), so that rows sharing one cost nothing. */
const MAX_REMEMBERED = 100_000;

const UNEXPLAINED: RowRefusal = {
  message: 'ClientKey does not plainly match ClientCert',
  expected: 'certificates as in other rows',
};

const COLUMNS = { certificate: 'ClientCert', key: 'ClientKey', pkcs12: 'ClientCert' } as const;

/** Checks the client certificates of device lists, row by row: whether a TLS context can be made from certificate and key. */
export class CertificateCheck {
  readonly #opener: Opener;
  readonly #remembered = new Map<string, RowRefusal | undefined>();
  #built = 0;
  #explained = 0;

  /** `opener`: what decrypts encrypted keys. */
  constructor(opener: Opener) {
    this.#opener = opener;
  }

  /** What is wrong with a device's certificate; `folder` is that of its list. */
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
    const refusal = this.#try(cert, key);
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(id, refusal);
    return refusal;
  }

  #try(cert: string, key: string): RowRefusal | undefined {
    if (!this.#opener.isKnown) return undefined;
    if (this.#built >= MAX_BUILT) {
      if (isPlainlyKeyOf(cert, key)) return undefined;
      if (this.#explained >= MAX_EXPLAINED) return UNEXPLAINED;
    }
    this.#built++;
    const fault = certificateFault({ cert, key }, this.#opener.passphrase);
    if (fault !== undefined) this.#explained++;
    return fault && { ...fault, message: `${COLUMNS[fault.part]} ${fault.message}` };
  }
}
