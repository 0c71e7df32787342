/**
 * What can be done to a running emulator, as plain data: faults that last from `begin` to `end`, and commands that happen at once.
 * Each is in force when `control` settles. All times are of the emulator's own monotonic clock.
 */

/** A scripted fault, in force from its `begin` to its `end`. Faults of one kind may overlap; each login meets them in the order they began. */
export type Fault =
  /** Logins are refused with this CONNACK code, where without the fault they would be accepted. */
  | ({ readonly kind: 'refuse'; readonly code: number } & PartOfLogins)
  /**
   * Token bucket on logins that would be accepted: `perSec` a second, `burst` saved up at most (full when the fault begins). One above
   * it is refused with a code, or waits in line until its turn; the end of the fault admits all that wait.
   */
  | ({ readonly kind: 'limit'; readonly over: { readonly refuse: number } | 'wait' } & Rate & OfDevices)
  /** Every CONNACK, refusing ones too, is late by a time. The order of answers may change with it. */
  | { readonly kind: 'delay'; readonly time: DelayTime }
  /** The auth service reads requests and answers none until the fault ends; then it answers those still there. */
  | { readonly kind: 'stall-auth' }
  /** HTTPS logins fail, where without the fault they would get a token: with a code in the body, or a bare HTTP status. */
  | ({ readonly kind: 'fail-auth'; readonly answer: AuthFailure } & PartOfLogins)
  /** Token bucket on HTTPS logins; one above it is answered with 429. */
  | ({ readonly kind: 'limit-auth' } & Rate);

/** Which logins a fault meets: all, unless narrowed. */
export interface PartOfLogins extends OfDevices {
  /** Of the logins that the fault could meet, 0 to 1; 1 unless told otherwise. Exact: of any n logins in a row, `fraction` x n, give or take one. */
  readonly fraction?: number | undefined;
}

/** Which devices a fault meets: all, unless narrowed. */
export interface OfDevices {
  readonly devices?: readonly DeviceFilter[] | undefined;
}

/** Devices of a product, or of those the ones whose names begin so (`meters-` for the fleet `meters`). */
export interface DeviceFilter {
  readonly productKey: string;
  readonly namePrefix?: string | undefined;
}

/** Admissions of a token bucket. `perSec` above 0, `burst` at least 1. */
export interface Rate {
  readonly perSec: number;
  readonly burst: number;
}

/** A time drawn for each login, in microseconds, by a generator that the emulator's `seed` starts. Never below 0. */
export type DelayTime =
  | { readonly kind: 'fixed'; readonly us: number }
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: 'normal'; readonly meanUs: number; readonly sdUs: number }
  /** `sigma`: standard deviation of the logarithm; p99 is about median x exp(2.33 x sigma). */
  | { readonly kind: 'lognormal'; readonly medianUs: number; readonly sigma: number }
  | { readonly kind: 'exponential'; readonly meanUs: number };

/** `code`: HTTP 200 and this code in the JSON body, as the service does. `httpStatus`: this status and an empty body, as a broken proxy does. */
export type AuthFailure = { readonly code: number } | { readonly httpStatus: number };

/** Parts of the emulator that a restart takes down. */
export type EmulatorPart = 'mqtt' | 'auth';

/** A command to a running emulator. */
export type EmulatorControl =
  /** `id` names the fault for its end; ids are the caller's, and one that is in use is a fault of the caller. */
  | { readonly kind: 'begin'; readonly id: number; readonly fault: Fault }
  | { readonly kind: 'end'; readonly id: number }
  /** Every token issued so far is expired from now on. */
  | { readonly kind: 'expire-tokens' }
  /** Moves the clock that tokens expire on forward. */
  | { readonly kind: 'advance-clock'; readonly bySec: number }
  /** Ends every MQTT connection: by RST, or by FIN. */
  | { readonly kind: 'drop-all'; readonly how: 'reset' | 'fin' }
  /**
   * Closes the listeners and resets every connection; the same ports are closed for `downMs` and then open again. In force once they
   * are closed: `control` does not wait for the end. Sessions, subscriptions and tokens outlive it. During a restart, another one
   * begins the time anew. `parts`: both unless told otherwise.
   */
  | { readonly kind: 'restart'; readonly downMs: number; readonly parts?: readonly EmulatorPart[] | undefined };
