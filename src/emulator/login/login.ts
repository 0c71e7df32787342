import { timingSafeEqual } from 'node:crypto';
import { sign, signedContent } from '../../device/auth/signing.ts';
import type { Token, TokenStore } from '../auth/issued-tokens.ts';
import type { Profile, RefusalCause } from '../contract/profiles.ts';
import type { ConnectPacket, DirectConnect } from '../mqtt/connect-packet.ts';
import { type ExtendedClientId, parseExtendedClientId } from './extension.ts';
import { identityOf, type NamedDevice } from './named-device.ts';
import type { Registry } from './registry.ts';

/** What a CONNECT arrived over. */
export type Transport = 'tcp' | 'tls';

/** A login whose CONNECT gives no reason to refuse it. `identity` is one text per device, whatever client id it chose. */
export interface AcceptedLogin {
  readonly kind: 'accept';
  readonly identity: string;
  readonly device: NamedDevice;
  /** What the device presented instead of a signature. */
  readonly token?: Token;
}

/** A login refused with a CONNACK code. `cause`: what is wrong with the CONNECT; absent if it is the token, or nothing. */
export interface RefusedLogin {
  readonly kind: 'refuse';
  readonly code: number;
  readonly cause?: RefusalCause;
}

/** The answer to a CONNECT. */
export type LoginDecision = AcceptedLogin | RefusedLogin;

/** Documented for an invalid `iotId` or `iotToken` (docs/protocol.md section 3), so not a setting of the profile. */
const BAD_TOKEN_CODE = 3;

/** `securemode` that belongs to each transport (docs/protocol.md section 2). */
const SECUREMODE: Readonly<Record<Transport, string>> = { tcp: '3', tls: '2' };

/**
 * Decides a login by its CONNECT, checking in order: protocol version, client id and its extension, keepalive, securemode, device,
 * signature (docs/protocol.md sections 2 and 4). If there are tokens, a user name without `&` is the `iotId` of one (docs/protocol.md section 3).
 * No I/O.
 */
export function decideLogin(
  connect: ConnectPacket,
  transport: Transport,
  registry: Registry,
  profile: Profile,
  tokens?: TokenStore,
): LoginDecision {
  if (!isSpoken(connect, profile)) return refused('protocol-version', profile);
  const device = namedDevice(connect.username);
  if (device === undefined && tokens !== undefined) return decideTokenLogin(connect, profile, tokens);
  return decideDirectLogin(connect, device, transport, registry, profile);
}

function isSpoken(connect: ConnectPacket, profile: Profile): connect is DirectConnect {
  return connect.kind === 'connect' && (connect.protocolLevel === 4 || profile.acceptsMqtt31);
}

function refused(cause: RefusalCause, profile: Profile): RefusedLogin {
  return { kind: 'refuse', code: profile.connack[cause], cause };
}

function decideDirectLogin(
  connect: DirectConnect,
  device: NamedDevice | undefined,
  transport: Transport,
  registry: Registry,
  profile: Profile,
): LoginDecision {
  const extended = parseExtendedClientId(connect.clientId);
  if (extended === undefined || isTooLong(extended.clientId, profile)) return refused('bad-client-id', profile);
  if (!isKeepaliveAllowed(connect.keepaliveSec, profile)) return refused('bad-keepalive', profile);
  if (contradicts(extended.securemode, transport)) return refused('securemode-mismatch', profile);
  // A user name that names no device is "malformed data in the user name or password": the code of a bad signature.
  if (device === undefined) return refused('bad-signature', profile);
  const registered = registry.find(device.productKey, device.deviceName);
  // A device registered for the other way to log in is treated like a disabled one.
  if (registered === undefined || registered.mode === 'https-token') return refused('unknown-device', profile);
  if (!isSignedBy(registered.deviceSecret, connect, extended, device)) return refused('bad-signature', profile);
  return { kind: 'accept', identity: identityOf(device), device };
}

/** The token identifies the device; the client id is the device's own choice, and text between bars is ignored. */
function decideTokenLogin(connect: DirectConnect, profile: Profile, tokens: TokenStore): LoginDecision {
  const [clientId = ''] = connect.clientId.split('|', 1);
  if (clientId === '' || isTooLong(clientId, profile)) return refused('bad-client-id', profile);
  if (!isKeepaliveAllowed(connect.keepaliveSec, profile)) return refused('bad-keepalive', profile);
  const token = tokens.find(connect.username ?? '', connect.password?.toString('latin1') ?? '');
  if (token === undefined) return { kind: 'refuse', code: BAD_TOKEN_CODE };
  return { kind: 'accept', identity: identityOf(token.device), device: token.device, token };
}

/** The limit of the client id is in characters (docs/protocol.md section 1), not UTF-16 units. */
function isTooLong(clientId: string, { maxClientIdLength }: Profile): boolean {
  return clientId.length > maxClientIdLength && [...clientId].length > maxClientIdLength;
}

/** Keepalive 0, "never", is below every profile's minimum. */
function isKeepaliveAllowed(keepaliveSec: number, profile: Profile): boolean {
  return keepaliveSec >= profile.keepaliveMinSec && keepaliveSec <= profile.keepaliveMaxSec;
}

/** A missing securemode contradicts nothing. */
function contradicts(securemode: string | undefined, transport: Transport): boolean {
  return securemode !== undefined && securemode !== SECUREMODE[transport];
}

/** The device that a user name `<deviceName>&<productKey>` names; a product key contains no `&`. */
export function namedDevice(username: string | undefined): NamedDevice | undefined {
  const at = username?.lastIndexOf('&') ?? -1;
  if (username === undefined || at < 1 || at === username.length - 1) return undefined;
  return { deviceName: username.slice(0, at), productKey: username.slice(at + 1) };
}

/** Compares the hex case-insensitively and in constant time. */
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
