import { isSignMethod, type SignMethod } from '../../device/auth/signing.ts';

/** What a direct login says in its MQTT client id (docs/protocol.md section 2). */
export interface ExtendedClientId {
  /** The bare client id, as it is signed. */
  readonly clientId: string;
  readonly signmethod: SignMethod;
  /** If absent between the bars, it is absent from the signed content. */
  readonly timestamp: string | undefined;
  /** As sent; undefined if not sent. */
  readonly securemode: string | undefined;
}

/** Absent `signmethod` (docs/protocol.md section 2). */
const DEFAULT_SIGN_METHOD: SignMethod = 'hmacmd5';

/**
 * Takes `<clientId>|key=value,...|` apart. Pairs may come in any order, with blanks and line breaks around keys and values, and unknown
 * keys are ignored, as device SDKs require; of a repeated key the last value counts. Undefined when the text is malformed: no bars, an
 * empty client id, text outside the two bars, a pair without `=` or without a key, an unknown `signmethod`.
 */
export function parseExtendedClientId(text: string): ExtendedClientId | undefined {
  const [clientId, inner, after, ...more] = text.split('|');
  if (clientId === undefined || clientId === '' || inner === undefined || after !== '' || more.length > 0)
    return undefined;
  const pairs = parsePairs(inner);
  if (pairs === undefined) return undefined;
  const signmethod = pairs.get('signmethod') ?? DEFAULT_SIGN_METHOD;
  if (!isSignMethod(signmethod)) return undefined;
  return { clientId, signmethod, timestamp: pairs.get('timestamp'), securemode: pairs.get('securemode') };
}

function parsePairs(inner: string): Map<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const pair of inner.split(',')) {
    if (pair.trim() === '') continue;
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(equals, 0)).trim();
    if (key === '') return undefined;
    pairs.set(key, pair.slice(equals + 1).trim());
  }
  return pairs;
}
