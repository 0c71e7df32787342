import type { SignMethod } from './signing.ts';

/** Direct connect: the CONNECT itself carries the signed identity (protocol section 2). */
export interface DirectAuth {
  readonly mode: 'direct';
  readonly signmethod: SignMethod;
  /** `now` = the clock's milliseconds at each attempt, `none` = no timestamp, digits = sent as written. */
  readonly timestamp: string;
}

/** Username and password as any MQTT broker takes them. Templates may hold ${deviceName} ${productKey} ${deviceSecret} ${index}. */
export interface PasswordAuth {
  readonly mode: 'password';
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** How the devices of a fleet log in. */
export type AuthSpec = DirectAuth | PasswordAuth;
