import type { Path } from './fault.ts';

/** Names of keys and columns that are, or may be misspelt for, those of secrets. */
const SECRET_NAME = /pass|pas+w|pwd|secret|user|token|client_?-?id|cred|key$/i;

/** What of `auth` is no secret. Everything else there may be a password under a misspelt key. */
const OPEN_AUTH_KEYS: ReadonlySet<string> = new Set([
  'mode',
  'signmethod',
  'timestamp',
  'resources',
  'version',
  'login',
]);

/** True when what stands under this name may be a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && name !== 'productKey';
}

/** True when the value at this path of a scenario may be a secret, or a part of one. */
export function isSecretPlace(path: Path): boolean {
  const names = path.map(String);
  const auth = names[0] === 'fleets' ? names.indexOf('auth') : -1;
  // In the place of `auth` itself stands a password more often than not.
  if (auth >= 0 && !OPEN_AUTH_KEYS.has(names[auth + 1] ?? '')) return true;
  return names.some(isSecretName);
}
