import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** The fewest bytes of a key: as many as the cipher's own. */
export const LEAST_KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const ID_BYTES = 8;

/** What was sealed: AES-256-GCM [NIST SP 800-38D]. */
export interface Sealed {
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly body: Buffer;
}

/**
 * The secret that a coordinator and its agents share. What it seals is sealed with a key derived for each run (HKDF-SHA-256, RFC 5869), so
 * that no key meets more messages than it may, and nothing of one run opens in another. Prints as nothing but its name.
 */
export class RunKey {
  readonly #secret: KeyObject;

  /** Throws a `RangeError` for fewer than 32 bytes. */
  constructor(secret: Uint8Array) {
    if (secret.length < LEAST_KEY_BYTES) throw new RangeError(`a key needs at least ${LEAST_KEY_BYTES} bytes`);
    this.#secret = createSecretKey(secret);
  }

  /** Tells keys apart without telling anything about them; another one for each run. */
  id(runId: string): string {
    return this.#derived(runId, 'id', ID_BYTES).toString('hex');
  }

  /** `bound` is not sealed, but what is opened with anything else in its place is refused. */
  seal(runId: string, plain: Uint8Array, bound: Uint8Array): Sealed {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#derived(runId, 'seal', KEY_BYTES), iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(bound);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { iv, tag: cipher.getAuthTag(), body };
  }

  /** Undefined if a byte of it, or of `bound`, is not what was sealed. */
  open(runId: string, { iv, tag, body }: Sealed, bound: Uint8Array): Buffer | undefined {
    if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return undefined;
    const key = this.#derived(runId, 'seal', KEY_BYTES);
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(bound);
    decipher.setAuthTag(tag);
    const plain = decipher.update(body);
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      return undefined;
    }
  }

  #derived(runId: string, use: 'id' | 'seal', bytes: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, runId, `fleetstorm shares: ${use}`, bytes));
  }
}
