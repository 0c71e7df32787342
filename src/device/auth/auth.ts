import type { SignMethod } from './signing.ts';

/** Direct connect: the CONNECT itself carries the signed identity (docs/protocol.md section 2). */
export interface DirectAuth {
  readonly mode: 'direct';
  readonly signmethod: SignMethod;
  /** `now` = the clock's milliseconds at each attempt, `none` = no timestamp, digits = sent as written. */
  readonly timestamp: string;
}

/** Username and password, as for any MQTT broker. Templates may hold ${deviceName} ${productKey} ${deviceSecret} ${index}. */
export interface PasswordAuth {
  readonly mode: 'password';
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * When a session asks for a new token: once the service has refused its current one with CONNACK 3 or the 7 days are over; never again
 * after the first, like some firmware; or before every attempt, like other firmware.
 */
export const LOGIN_POLICIES = ['on-refusal', 'never', 'always'] as const;
export type LoginPolicy = (typeof LOGIN_POLICIES)[number];

/** HTTPS login for a token, then CONNECT with it (docs/protocol.md section 3). */
export interface HttpsTokenAuth {
  readonly mode: 'https-token';
  readonly signmethod: SignMethod;
  /** As in `DirectAuth`. */
  readonly timestamp: string;
  /** What the reply should name besides the token: `mqtt` asks for host and port. Empty: the parameter is not sent. */
  readonly resources: readonly string[];
  /** Undefined: the parameter is not sent. */
  readonly version?: string | undefined;
  readonly login: LoginPolicy;
}

/** How the devices of a fleet log in. */
export type AuthSpec = DirectAuth | HttpsTokenAuth | PasswordAuth;
