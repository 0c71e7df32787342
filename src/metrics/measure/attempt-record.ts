import type { Outcome, Phase } from '../../results/outcome.ts';

/** Phases of opening a connection in microseconds; -1 if a phase did not happen or did not finish. */
export interface SocketPhases {
  readonly dnsUs: number;
  readonly tcpUs: number;
  readonly tlsUs: number;
}

/** Parts of the HTTPS login in microseconds; -1 if a part did not happen or did not finish. Filled in as the login proceeds. */
export interface AuthPhases {
  authUs: number;
  authDnsUs: number;
  authTcpUs: number;
  authTlsUs: number;
  /** Request written to reply read. */
  authHttpUs: number;
}

/**
 * How one attempt ended. The link makes it once the attempt has its outcome; session, raw-attempt log and recorder read the same object.
 * It is the only object allocated per outcome; readers must neither modify nor keep it. Instants are on the run's clock.
 */
export interface AttemptRecord extends SocketPhases {
  readonly outcome: Outcome;
  /** The phase it failed in; undefined when it was accepted. */
  readonly failedIn: Phase | undefined;
  /** Description of the cause, without secrets and without anything that differs from device to device; undefined when it was accepted. */
  readonly detail: string | undefined;
  /** When the first request was made to the operating system or the HTTP client. */
  readonly startedUs: number;
  /** When the outcome was seen. */
  readonly endedUs: number;
  /** From CONNECT written to CONNACK read; -1 if it was not read. */
  readonly mqttUs: number;
  /** The HTTPS login that came first; undefined when there was none. */
  readonly auth: Readonly<AuthPhases> | undefined;
  /** Where the reply to that login sent the device, if it did and the device followed. */
  readonly sentTo?: { readonly host: string; readonly port: number } | undefined;
}
