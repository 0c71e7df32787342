/** Kinds of keys that a chain of certificates may be of. */
export const KEY_KINDS = ['ec', 'rsa'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** A certificate with its private key, both PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}
