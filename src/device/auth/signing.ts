import { type HmacDigest, hmacHex } from './hmac.ts';

/** The HMACs a device can sign its login with (docs/protocol.md section 2). Absent on the wire means `hmacmd5`. */
export const SIGN_METHODS = ['hmacmd5', 'hmacsha1', 'hmacsha256'] as const;
export type SignMethod = (typeof SIGN_METHODS)[number];

const DIGESTS: Readonly<Record<SignMethod, HmacDigest>> = { hmacmd5: 'md5', hmacsha1: 'sha1', hmacsha256: 'sha256' };

/** `2` = TLS direct, `3` = TCP direct (docs/protocol.md section 2). */
export type SecureMode = 2 | 3;

/** What a direct login is made of. `timestamp` is in milliseconds and serves only as a salt; if absent, it is not signed either. */
export interface DirectLogin {
  readonly productKey: string;
  readonly deviceName: string;
  readonly deviceSecret: string;
  /** The bare client id, without the extension between the bars. */
  readonly clientId: string;
  readonly signmethod: SignMethod;
  readonly timestamp?: string | undefined;
  readonly securemode: SecureMode;
}

/** The CONNECT fields of a direct login. */
export interface DirectConnectFields {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** True when the text names a sign method the service knows. */
export function isSignMethod(text: string): text is SignMethod {
  return (SIGN_METHODS as readonly string[]).includes(text);
}

/**
 * The content a device signs: of `clientId`, `deviceName`, `productKey` and `timestamp`, sorted by name, each name immediately
 * followed by its value, no separator (docs/protocol.md section 2). That order is the order of the parameters here.
 */
export function signedContent(clientId: string, deviceName: string, productKey: string, timestamp?: string): string {
  const salt = timestamp === undefined ? '' : `timestamp${timestamp}`;
  return `clientId${clientId}deviceName${deviceName}productKey${productKey}${salt}`;
}

/** Lower-case hex of HMAC(deviceSecret, content). */
export function sign(signmethod: SignMethod, deviceSecret: string, content: string): string {
  return hmacHex(DIGESTS[signmethod], deviceSecret, content);
}

/** The CONNECT client id, username and password of a direct login (docs/protocol.md section 2). */
export function directConnectFields(login: DirectLogin): DirectConnectFields {
  const { productKey, deviceName, deviceSecret, clientId, signmethod, timestamp, securemode } = login;
  const salt = timestamp === undefined ? '' : `,timestamp=${timestamp}`;
  return {
    clientId: `${clientId}|securemode=${securemode},signmethod=${signmethod}${salt}|`,
    username: `${deviceName}&${productKey}`,
    password: sign(signmethod, deviceSecret, signedContent(clientId, deviceName, productKey, timestamp)),
  };
}
