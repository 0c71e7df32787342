import { timingSafeEqual } from 'node:crypto';
import { isSignMethod, type SignMethod, sign } from '../../device/auth/signing.ts';
import type { NamedDevice } from '../login/named-device.ts';
import type { Registry } from '../login/registry.ts';

/** The answer to an HTTPS login. */
export type AuthDecision =
  | { readonly kind: 'accept'; readonly device: NamedDevice; readonly wantsMqtt: boolean }
  | { readonly kind: 'refuse'; readonly code: 401 | 460 | 5001 | 6200 };

/** Parameters that `sign` leaves out; the misspelling of the document's own sample is one of them. */
const UNSIGNED = new Set(['version', 'sign', 'resources', 'resouces', 'signmethod']);

/** Absent `signmethod` (docs/protocol.md section 3). */
const DEFAULT_SIGN_METHOD: SignMethod = 'hmacmd5';

/** Longest parameter other than the client id, in characters. */
const MAX_PARAMETER_LENGTH = 256;

/** Decides an HTTPS login by its parameters, checking in order: parameters, device, how it is registered, signature. No I/O. */
export function decideAuth(parameters: URLSearchParams, registry: Registry, maxClientIdLength: number): AuthDecision {
  const login = readLogin(parameters, maxClientIdLength);
  if (login === undefined) return { kind: 'refuse', code: 460 };
  const { device, signmethod, given, wantsMqtt } = login;
  const registered = registry.find(device.productKey, device.deviceName);
  if (registered === undefined) return { kind: 'refuse', code: 5001 };
  if (registered.mode === 'direct') return { kind: 'refuse', code: 6200 };
  const expected = sign(signmethod, registered.deviceSecret, authSignedContent(parameters));
  return isSame(expected, given) ? { kind: 'accept', device, wantsMqtt } : { kind: 'refuse', code: 401 };
}

/** All parameters but the unsigned ones, sorted by name, each name immediately followed by its value. */
export function authSignedContent(parameters: URLSearchParams): string {
  return [...parameters]
    .filter(([name]) => !UNSIGNED.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value)
    .join('');
}

interface AuthLogin {
  readonly device: NamedDevice;
  readonly signmethod: SignMethod;
  readonly given: string;
  readonly wantsMqtt: boolean;
}

/** Undefined when a parameter is missing, empty, too long, repeated, or names an unknown method. */
function readLogin(parameters: URLSearchParams, maxClientIdLength: number): AuthLogin | undefined {
  if (new Set(parameters.keys()).size !== parameters.size) return undefined;
  for (const value of parameters.values()) if (value.length > MAX_PARAMETER_LENGTH) return undefined;
  const productKey = parameters.get('productKey');
  const deviceName = parameters.get('deviceName');
  const clientId = parameters.get('clientId');
  const given = parameters.get('sign');
  const signmethod = parameters.get('signmethod') ?? DEFAULT_SIGN_METHOD;
  if (!productKey || !deviceName || !clientId || !given || !isSignMethod(signmethod)) return undefined;
  if ([...clientId].length > maxClientIdLength) return undefined;
  const resources = parameters.get('resources')?.split(',') ?? [];
  const wantsMqtt = resources.some((resource) => resource.trim() === 'mqtt');
  return { device: { productKey, deviceName }, signmethod, given, wantsMqtt };
}

/** Compares the hex case-insensitively and in constant time. */
function isSame(expected: string, given: string): boolean {
  const bytes = Buffer.from(given.toLowerCase());
  return bytes.length === expected.length && timingSafeEqual(bytes, Buffer.from(expected));
}
