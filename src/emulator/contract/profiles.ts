/** The years of the service the emulator can play (docs/protocol.md section 4). */
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

/**
 * Rules of the emulated service. Each one that no document settles can be set. Of the documented limits of 2019 only those on QoS and
 * packet size are on; the others are switches (docs/protocol.md section 4).
 */
export interface Profile {
  readonly name: ProfileName;
  /** Whether MQTT 3.1 (`MQIsdp`, level 3) is accepted besides 3.1.1, as the service's help says of all years; otherwise: `protocol-version`. */
  readonly acceptsMqtt31: boolean;
  readonly keepaliveMinSec: number;
  readonly keepaliveMaxSec: number;
  /** Characters of the bare client id. */
  readonly maxClientIdLength: number;
  /** Bytes of a PUBLISH's payload. A larger one ends the connection. */
  readonly maxPublishBytes: number;
  /** A PUBLISH of a higher QoS ends the connection; a subscription of a higher QoS is answered with failure (0x80). */
  readonly maxQos: 0 | 1 | 2;
  /** Topic filters per session; one more is answered with failure (0x80). Undefined: no limit. The service of 2019 had 100. */
  readonly maxSubscriptions: number | undefined;
  /**
   * Whether devices are restricted to their own topics, as in the real service. A filter that reaches another device's gets failure
   * (0x80); a PUBLISH to one is acknowledged [MQTT-3.3.5-2] and not delivered.
   */
  readonly ownTopicsOnly: boolean;
  /** If false, a will is dropped at login. */
  readonly keepsWills: boolean;
  /** If false, a retained message is delivered but not kept. */
  readonly keepsRetained: boolean;
  /** CONNACK code by cause. */
  readonly connack: Readonly<Record<RefusalCause, number>>;
}

const SHARED = {
  acceptsMqtt31: true,
  maxClientIdLength: 64,
  maxPublishBytes: 256 * 1024,
  maxQos: 1,
  maxSubscriptions: undefined,
  ownTopicsOnly: true,
  keepsWills: true,
  keepsRetained: true,
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

/** The profiles (docs/protocol.md section 4). */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  '2017': { name: '2017', keepaliveMinSec: 60, keepaliveMaxSec: 1200, ...SHARED },
  current: { name: 'current', keepaliveMinSec: 30, keepaliveMaxSec: 1200, ...SHARED },
};
