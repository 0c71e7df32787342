import type { AuthSpec } from '../../device/auth/auth.ts';
import { reasonWords } from '../../link/mqtt/reason-codes.ts';

/** What each CONNACK code means at a service that knows devices by their signature or their token (docs/protocol.md section 4). */
const ON_THE_PLATFORM: Readonly<Record<number, string>> = {
  1: 'the service does not speak this version of MQTT',
  2: 'the client id or its extension is malformed or too long, the keepalive is out of bounds, or securemode contradicts the transport',
  5: 'there is no such device, it is disabled, or it is registered for the other kind of login',
};

const DIRECT: Readonly<Record<number, string>> = {
  ...ON_THE_PLATFORM,
  3: 'the service takes no login now: a limit on logins is reached, or it is unavailable',
  4: 'the password is not the signature that the service computes with the secret of this device',
};

const TOKEN: Readonly<Record<number, string>> = {
  ...ON_THE_PLATFORM,
  3: 'iotId or iotToken is not valid, or no longer; or a limit on logins is reached',
  4: 'user name and password are not taken for a token',
};

/** At any broker. */
const PLAIN: Readonly<Record<number, string>> = {
  1: 'the service does not speak this version of MQTT',
  2: 'the service does not allow this client id',
  3: 'the service takes no login now',
  4: 'user name or password is malformed or wrong',
  5: 'the service does not admit this client: most brokers say so of a wrong user name or password too',
};

const BY_MODE: Readonly<Record<AuthSpec['mode'], Readonly<Record<number, string>>>> = {
  direct: DIRECT,
  'https-token': TOKEN,
  password: PLAIN,
};

/** What a CONNACK code means at the kind of service that this login is for. */
export function connackMeaning(mode: AuthSpec['mode'], code: number): string {
  return (
    BY_MODE[mode][code] ?? reasonWords(code)?.replace(/^reason/, 'MQTT 5, reason') ?? 'a code that MQTT does not know'
  );
}
