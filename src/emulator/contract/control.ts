/**
 * What can be done to a running emulator, as plain data: misbehaviour that lasts from `begin` to `end`, and commands that happen at once.
 * Each is in force when `control` settles. All times are of the emulator's own monotonic clock.
 */

/** One scripted misbehaviour, in force from `begin` to `end`. Several of one kind may overlap; they affect each login in the order they began. */
export type Misbehaviour =
  /** Logins that would be accepted are refused with this CONNACK code. */
  | ({ readonly kind: 'refuse'; readonly code: number } & PartOfLogins)
  /**
   * Token bucket on logins that would be accepted: `perSec` per second, at most `burst` saved up (full at the beginning). One above it is
   * refused with a code, or waits in line for its turn; the end admits all that wait. With `collapse`, an overload lowers the rate for good:
   * until the end.
   */
  | ({
      readonly kind: 'limit';
      readonly over: { readonly refuse: number } | 'wait';
      readonly collapse?: Collapse | undefined;
    } & Rate &
      OfDevices)
  /** Every CONNACK, even a refusing one, is delayed. That may change the order of answers. */
  | { readonly kind: 'delay'; readonly time: DelayTime }
  /** The auth service reads requests but answers none until the end; then it answers those still there. */
  | { readonly kind: 'stall-auth' }
  /** HTTPS logins that would get a token fail: with a code in the body, or a bare HTTP status. */
  | ({ readonly kind: 'fail-auth'; readonly answer: AuthFailure } & PartOfLogins)
  /** Token bucket on HTTPS logins; one above it is answered with 429. */
  | ({ readonly kind: 'limit-auth' } & Rate);

/** Which logins are affected: all, unless narrowed. */
export interface PartOfLogins extends OfDevices {
  /**
   * Share of the logins that could be affected, 0 to 1; 1 by default. Exact: of any n logins in a row, `fraction` x n, give or
   * take one.
   */
  readonly fraction?: number | undefined;
}

/** Which devices are affected: all, unless narrowed. */
export interface OfDevices {
  readonly devices?: readonly DeviceFilter[] | undefined;
}

/** Devices of a product, or only those whose names begin like this (`meters-` for the fleet `meters`). */
export interface DeviceFilter {
  readonly productKey: string;
  readonly namePrefix?: string | undefined;
}

/** Admissions of a token bucket. `perSec` above 0, `burst` at least 1. */
export interface Rate {
  readonly perSec: number;
  readonly burst: number;
}

/** A service that does not recover from an overload: once a login has waited in line for longer than this, it admits fewer. */
export interface Collapse {
  readonly waitUs: number;
  readonly perSec: number;
}

/** A time drawn for each login, in microseconds, by a generator seeded with the emulator's `seed`. Never below 0. */
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
  /** `id` names the misbehaviour for its end. The caller chooses ids; one already in use is rejected. */
  | { readonly kind: 'begin'; readonly id: number; readonly misbehaviour: Misbehaviour }
  | { readonly kind: 'end'; readonly id: number }
  /** Every token issued so far is expired from now on. */
  | { readonly kind: 'expire-tokens' }
  /** Moves the clock that tokens expire by forward. */
  | { readonly kind: 'advance-clock'; readonly bySec: number }
  /** Ends every MQTT connection: by RST, or by FIN. */
  | { readonly kind: 'drop-all'; readonly how: 'reset' | 'fin' }
  /**
   * Closes the listeners and resets every connection; the same ports are closed for `downMs` and then open again. In force once they are
   * closed: `control` does not wait for the end. Sessions, subscriptions and tokens survive it. A restart during another one starts its
   * time over. `parts`: both by default.
   */
  | { readonly kind: 'restart'; readonly downMs: number; readonly parts?: readonly EmulatorPart[] | undefined };
