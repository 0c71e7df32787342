import { SIGN_METHODS, sign, signedContent } from '../../device/auth/signing.ts';
import type { Profile } from '../contract/profiles.ts';
import { type ExtendedClientId, parseExtendedClientId } from '../login/extension.ts';
import { type LoginDecision, namedDevice, type Transport } from '../login/login.ts';
import type { NamedDevice } from '../login/named-device.ts';
import type { Registry } from '../login/registry.ts';
import type { ConnectPacket, DirectConnect } from '../mqtt/connect-packet.ts';
import { type LoginLine, shownDevice } from './login-log.ts';

/** What a CONNECT is judged by. */
export interface ConnectJudges {
  readonly registry: Registry;
  readonly profile: Profile;
}

/** The line of a CONNECT that was answered so. Made only where somebody reads it: it looks for what would have been accepted. */
export function connectLine(
  connect: ConnectPacket,
  transport: Transport,
  decision: LoginDecision,
  judges: ConnectJudges,
): LoginLine {
  if (decision.kind === 'accept') {
    return { way: 'mqtt', device: shownDevice(decision.device), outcome: 'accepted', cause: '' };
  }
  const device = connect.kind === 'connect' ? namedDevice(connect.username) : undefined;
  return {
    way: 'mqtt',
    device: device === undefined ? undefined : shownDevice(device),
    outcome: `CONNACK ${decision.code}`,
    cause: causeOf(connect, transport, decision, device, judges),
  };
}

function causeOf(
  connect: ConnectPacket,
  transport: Transport,
  { cause }: Extract<LoginDecision, { kind: 'refuse' }>,
  device: NamedDevice | undefined,
  judges: ConnectJudges,
): string {
  if (connect.kind !== 'connect') return `${connect.protocolName} level ${connect.protocolLevel} is not spoken here`;
  const { profile } = judges;
  switch (cause) {
    case undefined:
      return 'a scripted refusal, or a token that is not valid';
    case 'protocol-version':
      return `MQTT 3.1 is not accepted`;
    case 'bad-client-id':
      return clientIdCause(connect.clientId, profile, device !== undefined);
    case 'bad-keepalive':
      return `a keepalive of ${connect.keepaliveSec} s, and ${profile.keepaliveMinSec} s to ${profile.keepaliveMaxSec} s are accepted`;
    case 'securemode-mismatch':
      return `securemode=${parseExtendedClientId(connect.clientId)?.securemode ?? ''} over ${transport.toUpperCase()}`;
    case 'rate-limited':
      return 'above the limit of logins';
    case 'unknown-device':
      return device === undefined ? 'there is no such device' : unknownCause(device, judges.registry);
    case 'bad-signature':
      return device === undefined
        ? 'the user name is not DEVICENAME&PRODUCTKEY'
        : signatureCause(connect, device, judges.registry);
    default:
      return unreachable(cause);
  }
}

function clientIdCause(clientId: string, { maxClientIdLength }: Profile, isDirect: boolean): string {
  const bare = clientId.split('|', 1)[0] ?? '';
  const { length } = [...bare];
  if (length > maxClientIdLength)
    return `the client id has ${length} characters, and at most ${maxClientIdLength} are accepted`;
  if (bare === '') return 'the client id is empty';
  return isDirect && !clientId.includes('|')
    ? 'the client id has no part between bars: |securemode=3,signmethod=hmacsha1|'
    : 'the part of the client id between its bars is malformed';
}

/** Whether another spelling of the product is known. */
function unknownCause(device: NamedDevice, registry: Registry): string {
  const { productKey, deviceName } = device;
  if (registry.find(productKey, deviceName)?.mode === 'https-token') return 'it is registered for the HTTPS login only';
  return `there is no such device${nearCause(device, registry)}`;
}

/** `; there is one in product a1meters`, if upper and lower case make the difference; else nothing. */
export function nearCause({ productKey, deviceName }: NamedDevice, registry: Registry): string {
  const spellings = [productKey.toLowerCase(), productKey.toUpperCase(), productKey.trim()];
  const near = spellings.find((one) => one !== productKey && registry.find(one, deviceName) !== undefined);
  return near === undefined ? '' : `; there is one in product ${near}`;
}

function signatureCause(connect: DirectConnect, device: NamedDevice, registry: Registry): string {
  const secret = registry.find(device.productKey, device.deviceName)?.deviceSecret;
  const extended = parseExtendedClientId(connect.clientId);
  if (secret === undefined || extended === undefined) return 'the signature does not match';
  if (connect.password === undefined) return 'no password was sent';
  const given = connect.password.toString('latin1').toLowerCase();
  const fits = fittingVariant(given, secret, extended, device);
  if (fits !== undefined) return `the signature does not match, but would ${fits}`;
  return `the signature by ${extended.signmethod} does not match: another secret, or another content than ${contentOf(extended, device)}`;
}

/** With what change of the CONNECT the signature would be right. */
function fittingVariant(
  given: string,
  secret: string,
  extended: ExtendedClientId,
  device: NamedDevice,
): string | undefined {
  for (const signmethod of SIGN_METHODS) {
    if (given === sign(signmethod, secret, contentOf(extended, device))) return `as signmethod=${signmethod}`;
    const unsalted = { ...extended, timestamp: undefined };
    if (given === sign(signmethod, secret, contentOf(unsalted, device))) {
      return `without the timestamp between the bars${signmethod === extended.signmethod ? '' : `, as signmethod=${signmethod}`}`;
    }
  }
  return undefined;
}

function contentOf({ clientId, timestamp }: ExtendedClientId, { deviceName, productKey }: NamedDevice): string {
  return signedContent(clientId, deviceName, productKey, timestamp);
}

function unreachable(cause: never): never {
  throw new TypeError(`unknown cause ${String(cause)}`);
}
