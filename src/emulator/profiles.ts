/** The years of the service the emulator can play (protocol section 4). */
export const PROFILE_NAMES = ['2017', 'current'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Causes of a refused login that a profile maps to a CONNACK code. */
export type RefusalCause =
  | 'protocol-version'
  | 'bad-client-id'
  | 'bad-keepalive'
  | 'securemode-mismatch'
  | 'bad-signature'
  | 'unknown-device'
  | 'rate-limited';

/** Rules of the emulated service. Each one that no document settles is a setting with the protocol page's default. */
export interface Profile {
  readonly name: ProfileName;
  readonly keepaliveMinSec: number;
  readonly keepaliveMaxSec: number;
  readonly maxClientIdLength: number;
  readonly maxPublishBytes: number;
  readonly maxSubscriptions: number;
  /** CONNACK code by cause. */
  readonly connack: Readonly<Record<RefusalCause, number>>;
}

const SHARED = {
  maxClientIdLength: 64,
  maxPublishBytes: 256 * 1024,
  maxSubscriptions: 100,
  connack: {
    'protocol-version': 1,
    'bad-client-id': 2,
    'bad-keepalive': 2,
    'securemode-mismatch': 2,
    'bad-signature': 4,
    'unknown-device': 5,
    'rate-limited': 3,
  },
} as const;

/** The profiles as the protocol page documents them. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  '2017': { name: '2017', keepaliveMinSec: 60, keepaliveMaxSec: 1200, ...SHARED },
  current: { name: 'current', keepaliveMinSec: 30, keepaliveMaxSec: 1200, ...SHARED },
};
