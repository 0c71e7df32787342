import type { Outcome, Phase } from '../../results/outcome.ts';

/** Parts of opening a connection in microseconds, -1 where a part did not happen or did not finish. */
export interface SocketPhases {
  readonly dnsUs: number;
  readonly tcpUs: number;
  readonly tlsUs: number;
}

/** Parts of the HTTPS login in microseconds, -1 where a part did not happen or did not finish; filled in as it goes. */
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
 * It is the only object that an outcome costs, and nobody changes it or keeps it. Instants are of the run's clock.
 */
export interface AttemptRecord extends SocketPhases {
  readonly outcome: Outcome;
  /** The phase it failed in; undefined when it was accepted. */
  readonly failedIn: Phase | undefined;
  /** The cause in words, free of secrets and of anything that differs from device to device; undefined when it was accepted. */
  readonly detail: string | undefined;
  /** When the operating system or the HTTP client was first asked for something. */
  readonly startedUs: number;
  /** When the outcome was seen. */
  readonly endedUs: number;
  /** CONNECT written to CONNACK read, -1 when it was not read. */
  readonly mqttUs: number;
  /** The HTTPS login that came first; undefined when there was none. */
  readonly auth: Readonly<AuthPhases> | undefined;
}
