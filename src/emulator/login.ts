import { timingSafeEqual } from 'node:crypto';
import { sign, signedContent } from '../device/signing.ts';
import type { ConnectPacket, DirectConnect } from './connect-packet.ts';
import type { NamedDevice } from './device-filter.ts';
import { type ExtendedClientId, parseExtendedClientId } from './extension.ts';
import type { Profile, RefusalCause } from './profiles.ts';
import type { Registry } from './registry.ts';

/** What a CONNECT came over. */
export type Transport = 'tcp' | 'tls';

/** A login that its CONNECT gives no reason to refuse. `identity` is one text a device, whatever client id it chose. */
export interface AcceptedLogin {
  readonly kind: 'accept';
  readonly identity: string;
  readonly device: NamedDevice;
}

/** A login that is refused with a CONNACK code. `cause`: what is wrong with the CONNECT; absent when nothing is. */
export interface RefusedLogin {
  readonly kind: 'refuse';
  readonly code: number;
  readonly cause?: RefusalCause;
}

/** The answer to a CONNECT. */
export type LoginDecision = AcceptedLogin | RefusedLogin;

/** `securemode` that belongs to each transport (protocol section 2). */
const SECUREMODE: Readonly<Record<Transport, string>> = { tcp: '3', tls: '2' };

/**
 * Decides a login by what the CONNECT holds, in the order: protocol version, client id and its extension, keepalive, securemode,
 * device, signature (protocol sections 2 and 4). No state but the registry's, no I/O.
 */
export function decideLogin(
  connect: ConnectPacket,
  transport: Transport,
  registry: Registry,
  profile: Profile,
): LoginDecision {
  const refuse = (cause: RefusalCause): LoginDecision => ({ kind: 'refuse', code: profile.connack[cause], cause });

  if (connect.kind === 'foreign-version') return refuse('protocol-version');
  const extended = parseExtendedClientId(connect.clientId);
  if (extended === undefined || isTooLong(extended.clientId, profile.maxClientIdLength)) return refuse('bad-client-id');
  if (!isKeepaliveAllowed(connect.keepaliveSec, profile)) return refuse('bad-keepalive');
  if (contradicts(extended.securemode, transport)) return refuse('securemode-mismatch');

  const device = parseUsername(connect.username);
  // A user name that names no device is "malformed data in the user name or password": the code of a bad signature.
  if (device === undefined) return refuse('bad-signature');
  const secret = registry.secretOf(device.productKey, device.deviceName);
  if (secret === undefined) return refuse('unknown-device');
  if (!isSignedBy(secret, connect, extended, device)) return refuse('bad-signature');
  return { kind: 'accept', identity: `${device.deviceName}&${device.productKey}`, device };
}

/** The client id's limit is in characters (protocol section 1), not in UTF-16 units. */
function isTooLong(clientId: string, maxLength: number): boolean {
  return clientId.length > maxLength && [...clientId].length > maxLength;
}

/** Keepalive 0, "never", is below every profile's least. */
function isKeepaliveAllowed(keepaliveSec: number, profile: Profile): boolean {
  return keepaliveSec >= profile.keepaliveMinSec && keepaliveSec <= profile.keepaliveMaxSec;
}

/** A securemode that was not sent contradicts nothing. */
function contradicts(securemode: string | undefined, transport: Transport): boolean {
  return securemode !== undefined && securemode !== SECUREMODE[transport];
}

/** `<deviceName>&<productKey>`; a product key holds no `&`. */
function parseUsername(username: string | undefined): NamedDevice | undefined {
  const at = username?.lastIndexOf('&') ?? -1;
  if (username === undefined || at < 1 || at === username.length - 1) return undefined;
  return { deviceName: username.slice(0, at), productKey: username.slice(at + 1) };
}

/** Compares the hex without regard to case and in constant time. */
function isSignedBy(
  secret: string,
  connect: DirectConnect,
  { clientId, signmethod, timestamp }: ExtendedClientId,
  { deviceName, productKey }: NamedDevice,
): boolean {
  const expected = sign(signmethod, secret, signedContent(clientId, deviceName, productKey, timestamp));
  const given = connect.password?.toString('latin1').toLowerCase() ?? '';
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'))
  );
}
