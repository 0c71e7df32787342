import type { KeyKind } from '../certificates/certificate-kinds.ts';
import type { Profile } from './profiles.ts';

/**
 * Devices that the emulator knows: a generated range, or a CSV file with DeviceName, DeviceSecret, ProductKey and LoginMode columns. `mode`:
 * `both` by default.
 */
export type RegistrySource =
  | {
      readonly kind: 'generated';
      readonly productKey: string;
      /** Names are `<fleet>-000001` and so on; secrets follow from the seed. */
      readonly fleet: string;
      readonly count: number;
      readonly seed: number;
      readonly mode?: AuthMode | undefined;
    }
  | {
      readonly kind: 'csv';
      readonly path: string;
      readonly productKey?: string | undefined;
      /** Rows without a name, a secret or a product are skipped: they are devices of another platform. */
      readonly isPartial?: boolean | undefined;
      /** For rows whose LoginMode column is empty. */
      readonly mode?: AuthMode | undefined;
    };

/**
 * How devices are registered to log in. A `direct` device gets 6200 to its HTTPS login; a direct login of an `https-token` device is
 * answered like that of a disabled one.
 */
export type AuthMode = 'direct' | 'https-token' | 'both';

/** Defaults of an emulator. */
export const EMULATOR_DEFAULTS = {
  connectTimeoutMs: 30_000,
  handshakeTimeoutMs: 10_000,
  /** 7 days (docs/protocol.md section 3). */
  tokenTtlSec: 604_800,
} as const;

/** What an emulator is started with. */
export interface EmulatorConfig {
  /** `127.0.0.1` by default. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly profile: Profile;
  readonly registry: readonly RegistrySource[];
  /** How long a socket may take to send its CONNECT or its HTTP request, in milliseconds; 30,000 by default. */
  readonly connectTimeoutMs?: number | undefined;
  /** Left out: no TLS. */
  readonly tls?: TlsConfig | undefined;
  /** Left out: no HTTPS login; a token in a CONNECT is a bad user name then. */
  readonly auth?: AuthConfig | undefined;
  readonly limits?: StandingLimits | undefined;
  /** Seed of random delays; 0 by default. */
  readonly seed?: number | undefined;
}

/** TLS (1.2 and later) on the MQTT port besides plain MQTT, like the real service, and on a separate port. */
export interface TlsConfig {
  /** The port for TLS alone; 0 lets the system choose. */
  readonly port: number;
  /** Host names and addresses in the certificate, besides `localhost`, `127.0.0.1`, `::1` and the host listened on. */
  readonly names?: readonly string[] | undefined;
  /** Folder that keeps CAs and certificates across restarts; made when missing. Left out: new ones, kept in memory only. */
  readonly stateDir?: string | undefined;
  /** Kinds of keys to make a certificate chain for; both by default. Clients that verify only RSA need `rsa`. */
  readonly keyKinds?: readonly KeyKind[] | undefined;
  /** How long a client may take for its handshake, in milliseconds; 10,000 by default. */
  readonly handshakeTimeoutMs?: number | undefined;
}

/** The auth service, `POST /auth/devicename` (docs/protocol.md section 3). Over HTTPS it needs `tls`. */
export interface AuthConfig {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Plain HTTP instead of HTTPS, for tests. */
  readonly http?: boolean | undefined;
  /** How long a token is valid, in seconds; 7 days by default. */
  readonly tokenTtlSec?: number | undefined;
  /** Errors have HTTP status 200 and a code only in the body, or the nearest HTTP status too; `body` by default. */
  readonly errorStatus?: 'body' | 'status' | undefined;
  /** Whether an open session survives its token's expiry; true by default. */
  readonly survivesExpiry?: boolean | undefined;
  /** Host name that the reply tells devices to connect to; the address that the request came to by default. */
  readonly mqttHost?: string | undefined;
}

/** Limits of the service itself, off unless given (docs/protocol.md section 4; the real ones were 500/s and 5/min). Above them: CONNACK of cause `rate-limited`. */
export interface StandingLimits {
  /** Accepted CONNECTs per second of all devices together; as many may be saved up. */
  readonly accountPerSec?: number | undefined;
  /** Accepted CONNECTs per minute of each device; as many may be saved up. */
  readonly devicePerMin?: number | undefined;
  /** HTTPS logins per second of all devices together; above it: 429. */
  readonly authPerSec?: number | undefined;
}

/** Where the parts of a running emulator are. */
export interface EmulatorAddresses {
  readonly host: string;
  /** Plain MQTT, and TLS too when there is TLS. */
  readonly port: number;
  readonly tls?: TlsAddress | undefined;
  readonly auth?: AuthAddress | undefined;
}

export interface TlsAddress {
  /** The port for TLS alone. */
  readonly port: number;
  /** The CAs' certificates, PEM, one per kind of key. */
  readonly ca: string;
  /** The file that holds them, when there is a `stateDir`. */
  readonly caFile?: string | undefined;
}

export interface AuthAddress {
  readonly port: number;
  /** `https://host:port/auth/devicename` */
  readonly url: string;
}

/** What an emulator counted since it started. The run prints its own counts next to these. */
export interface EmulatorCounts {
  /** TCP connections accepted. */
  readonly connections: number;
  /** Logins answered with CONNACK 0. */
  readonly accepted: number;
  /** Refused logins by CONNACK code. */
  readonly refusedByCode: Readonly<Record<string, number>>;
  /** Sessions closed by a newer login of the same device. */
  readonly kicks: number;
  /** Sessions that are online now. */
  readonly online: number;
  /** Connections closed for what they sent: bytes that are not MQTT, or packets that break its rules or the profile's. */
  readonly protocolErrors: number;
  /** Logins whose CONNACK scripted misbehaviour holds back now. */
  readonly waiting: number;
  /** TLS handshakes that failed: on the MQTT ports and at the auth service. */
  readonly tlsFailures: number;
  /** Answers of the auth service by the code in their body: 200, 401, 460, ...; `http-503` for a bare HTTP status. */
  readonly authByCode: Readonly<Record<string, number>>;
  /** Tokens issued: as many as answers with 200. */
  readonly tokensIssued: number;
  /** Topic filters that SUBACK granted and refused (0x80), and PUBLISH packets that were accepted. */
  readonly subscribed: number;
  readonly subscriptionsRefused: number;
  readonly published: number;
  /** Logins that each scripted misbehaviour affected (refused, held back, delayed or failed), by its id. Left out while there was none. */
  readonly metByMisbehaviour?: Readonly<Record<string, number>> | undefined;
}
