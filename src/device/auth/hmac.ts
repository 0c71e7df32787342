import { hash } from 'node:crypto';

/** The digests used to sign logins. */
export type HmacDigest = 'md5' | 'sha1' | 'sha256';

/** The same for all three digests [RFC 1321, RFC 3174, RFC 6234]. */
const BLOCK_BYTES = 64;
const MAX_DIGEST_BYTES = 32;
const [INNER_PAD, OUTER_PAD] = [0x36, 0x5c];
/** UTF-8 takes at most three bytes for a code unit of a JavaScript string. */
const MAX_UNIT_BYTES = 3;

/** One character per byte: `hash` knows latin1 only by this name. */
const BYTES = 'binary';

/** Scratch space of this thread: the padded key, then the text to be hashed. */
let inner = Buffer.alloc(1_024);
const outer = Buffer.alloc(BLOCK_BYTES + MAX_DIGEST_BYTES);

/**
 * Lower-case hex of HMAC(key, text) [RFC 2104], both in UTF-8. `createHmac` creates a stream and two native objects per signature, which
 * cost more to collect than the signature costs to compute; a login signs once, an attempt of a generated device twice.
 */
export function hmacHex(digest: HmacDigest, key: string, text: string): string {
  const neededBytes = BLOCK_BYTES + MAX_UNIT_BYTES * Math.max(text.length, key.length);
  if (inner.length < neededBytes) inner = Buffer.alloc(neededBytes);
  padKey(digest, key);
  const textBytes = inner.write(text, BLOCK_BYTES);
  const innerDigest = hash(digest, inner.subarray(0, BLOCK_BYTES + textBytes), BYTES);
  const digestBytes = outer.write(innerDigest, BLOCK_BYTES, BYTES);
  return hash(digest, outer.subarray(0, BLOCK_BYTES + digestBytes), 'hex');
}

/** Fills the first block of both buffers. A key longer than a block is replaced by its digest. */
function padKey(digest: HmacDigest, key: string): void {
  let length = inner.write(key);
  if (length > BLOCK_BYTES) length = inner.write(hash(digest, inner.subarray(0, length), BYTES), BYTES);
  for (let at = 0; at < BLOCK_BYTES; at++) {
    const byte = at < length ? (inner[at] ?? 0) : 0;
    inner[at] = byte ^ INNER_PAD;
    outer[at] = byte ^ OUTER_PAD;
  }
}
