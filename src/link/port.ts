import type { SecureContext } from 'node:tls';
import type { AttemptRecord } from '../metrics/measure/attempt-record.ts';
import type { EndCause, Outcome, Phase } from '../results/outcome.ts';
import type { Messenger } from './mqtt/application-messages.ts';
import type { ProxyOptions } from './socket/proxy-header.ts';
import type { TlsLayer } from './socket/tls.ts';

/** The MQTT clients a link can use: the library that devices use, or this program's own lean client. */
export const MQTT_CLIENTS = ['mqttjs', 'lean'] as const;
export type MqttClientName = (typeof MQTT_CLIENTS)[number];

/** What MQTT runs over. */
export const TRANSPORTS = ['tcp', 'tls'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** What the connections of a fleet have in common. */
export interface ConnectionSettings {
  /** From opening to CONNACK, over all phases. */
  readonly connectTimeoutUs: number;
  /** Keepalive of CONNECT; 0 turns it off. */
  readonly keepaliveSec: number;
  /** Clean session flag of CONNECT. */
  readonly clean: boolean;
}

/** Where a link connects to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What a session needs to open one MQTT connection. */
export interface LinkOptions {
  readonly endpoint: Endpoint;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly connection: ConnectionSettings;
  /** How much of the connect timeout a preceding login has already used. */
  readonly spentUs?: number | undefined;
  /** Undefined: plain TCP. */
  readonly tls?: TlsLayer | undefined;
  /** The HTTPS login that comes first and provides user name and password; undefined for none. */
  readonly login?: LinkLogin | undefined;
  /** TLS of that login for a device with a certificate of its own. */
  readonly authContext?: SecureContext | undefined;
  /** The PROXY protocol header, sent before everything else, including TLS; undefined for none. */
  readonly proxy?: ProxyOptions | undefined;
  /** Why the device cannot connect at all: the attempt fails with this, and nothing is sent. */
  readonly unusable?: LinkFailure | undefined;
}

/** The result of an HTTPS login: user name and password for CONNECT (docs/protocol.md section 3). */
export interface IssuedToken {
  readonly iotId: string;
  readonly iotToken: string;
  /** Where the reply directs the device, if it names an endpoint. */
  readonly endpoint?: Endpoint | undefined;
}

/** The HTTPS login of one device: its request, and what it keeps from the answers. Instants are on the run's clock. */
export interface LinkLogin {
  /** The token the device would use without a new login. */
  stored(nowUs: number): IssuedToken | undefined;
  /** Body of the login request, signed now. */
  request(): string;
  /** The auth service answered with this code, which may be 200. */
  onReply(code: number): void;
  onIssued(token: IssuedToken, nowUs: number): void;
  /** The MQTT service refused the token with CONNACK 3. */
  onRefused(): void;
}

/** Why an attempt failed: its outcome, the phase it failed in, and the cause in words (an errno, a reason), free of secrets. */
export interface LinkFailure {
  readonly outcome: Outcome;
  readonly phase: Phase;
  readonly detail: string;
}

/**
 * What a link reports to its session. Exactly one of `onAccepted` and `onFailed` is called, unless the session cut the link first; after
 * `onAccepted`, `onEnded` is called exactly once if the service or the network ended the session. Nothing is called after the session
 * itself ended the link, and nothing is called from inside `open`.
 */
export interface LinkListener {
  /** CONNACK 0 was read. */
  onAccepted(attempt: AttemptRecord): void;
  onFailed(attempt: AttemptRecord): void;
  /** `atUs`: when the end was seen, on the run's clock. */
  onEnded(atUs: number, cause: EndCause, detail: string): void;
}

/** One MQTT connection, from the socket's opening to its end. */
export interface Link extends Messenger {
  /**
   * When the first phase started, on the run's clock: the first request to the operating system or the HTTP client. Time spent before that
   * (signing, creating objects) is the generator's own. Known once `open` returns.
   */
  readonly startedUs: number;
  /**
   * Sends DISCONNECT and closes; before CONNACK it only closes. `onClosed` is called when the socket is gone, synchronously if it already
   * is or never existed. Waits at most two seconds for the peer to close.
   */
  end(onClosed?: () => void): void;
  /** Closes with RST at once, whatever state it is in; a connection that is not established yet is reset as soon as it is. */
  reset(): void;
  /** Closes an accepted connection with FIN and without DISCONNECT, like a device that loses power behind a polite router. */
  close(): void;
  /** From now on nothing is read or sent and the socket stays open, as behind a dead network, until the keepalive notices. */
  blackhole(): void;
  /** From now on no PINGREQ is sent, and a missing answer to one goes unnoticed; everything else goes on. */
  silence(): void;
}

/** Opens links; one implementation per MQTT client library, one instance per worker. */
export interface LinkFactory {
  open(options: LinkOptions, listener: LinkListener): Link;
}
