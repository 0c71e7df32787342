/** Kinds of keys that a certificate chain may have. */
export const KEY_KINDS = ['ec', 'rsa'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** A certificate with its private key, both PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}
