import type { EndCause, Outcome, Phase } from '../metrics/outcome.ts';

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
  readonly keepaliveSec: number;
  readonly clean: boolean;
  /** From opening to CONNACK, over all phases. */
  readonly connectTimeoutUs: number;
}

/** Phases of one attempt in microseconds, -1 where a phase did not happen or did not finish. Owned by the link, filled as it goes. */
export interface PhaseTimes {
  dnsUs: number;
  tcpUs: number;
  tlsUs: number;
  /** CONNECT written to CONNACK read. */
  mqttUs: number;
}

/** A failed attempt: its outcome, the phase it failed in, and the cause in words (an errno, a reason), free of secrets. */
export interface LinkFailure {
  readonly outcome: Outcome;
  readonly phase: Phase;
  readonly detail: string;
}

/**
 * What a link tells its session. Exactly one of `onAccepted` and `onFailed` is called, unless the session cut the link first;
 * after `onAccepted`, `onEnded` is called exactly once if the service or the network ended the session. Nothing is called after
 * the session itself ended the link, and nothing is called from inside `open`.
 */
export interface LinkListener {
  /** `atUs`: when CONNACK 0 was read, on the run's clock. */
  onAccepted(atUs: number, phases: PhaseTimes): void;
  /** `atUs`: when the failure was seen, on the run's clock. */
  onFailed(atUs: number, failure: LinkFailure, phases: PhaseTimes): void;
  onEnded(atUs: number, cause: EndCause, detail: string): void;
}

/** One MQTT connection, from the socket's opening to its end. */
export interface Link {
  /**
   * Sends DISCONNECT and closes; before CONNACK it only closes. `onClosed` is called when the socket is gone, from inside `end` when it
   * already is or was never made. A peer that does not close is not waited for longer than two seconds.
   */
  end(onClosed?: () => void): void;
  /** Closes with RST at once, whatever state it is in; a connection that is not made yet is reset as soon as it is. */
  reset(): void;
}

/** Opens links; one implementation per MQTT client library, one instance a worker. */
export interface LinkFactory {
  open(options: LinkOptions, listener: LinkListener): Link;
}
