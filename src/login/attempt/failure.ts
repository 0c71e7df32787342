import type { CertificateProblem } from '../tls/certificate-problems.ts';

/** Which connection is meant: that of the HTTPS login, or that of MQTT. */
export type Side = 'auth' | 'mqtt';

/** What ended a login, for the table of causes. */
export type LoginFailure =
  | NameFailure
  | TcpFailure
  | TlsFailure
  | CertificateFailure
  | OwnCertificateFailure
  | AuthFailure
  | ConnectFailure
  | SessionFailure;

export interface NameFailure {
  readonly step: 'name';
  readonly side: Side;
  /** `unknown`: there is no such name; `no-answer`: nobody could be asked; `stray`: a name of this machine that leads elsewhere. */
  readonly kind: 'unknown' | 'no-answer' | 'stray';
}

export interface TcpFailure {
  readonly step: 'tcp';
  readonly side: Side;
  /** `local`: this machine could not even try. */
  readonly kind: 'refused' | 'timeout' | 'unreachable' | 'reset' | 'local';
}

export interface TlsFailure {
  readonly step: 'tls';
  readonly side: Side;
  /** `alert`: the service says why; `other`: OpenSSL does. */
  readonly kind: 'not-tls' | 'closed' | 'timeout' | 'alert' | 'other';
  /** `TLSV13_ALERT_CERTIFICATE_REQUIRED`; empty if there is no more to say. */
  readonly reason: string;
}

/** The service's certificate did not pass. */
export interface CertificateFailure {
  readonly step: 'certificate';
  readonly side: Side;
  readonly problems: readonly CertificateProblem[];
  /** Certificates of the chain, an issuer that this machine knows among them. */
  readonly certificates: number;
  /** What this machine took for now, in milliseconds of its wall clock. */
  readonly nowMs: number;
}

/** The device's own certificate cannot be used. */
export interface OwnCertificateFailure {
  readonly step: 'own-certificate';
  readonly side: Side;
}

export interface AuthFailure {
  readonly step: 'auth-login';
  readonly side: 'auth';
  readonly kind: 'code' | 'status' | 'redirect' | 'malformed' | 'timeout' | 'closed' | 'not-http' | 'forbidden-host';
  /** Code or HTTP status; 0 for others. */
  readonly code: number;
}

export interface ConnectFailure {
  readonly step: 'connect';
  readonly side: 'mqtt';
  /** `stranger`: what answered is not MQTT; `unsendable`: MQTT cannot carry the fields. */
  readonly kind: 'refused' | 'timeout' | 'closed' | 'stranger' | 'unsendable';
  /** CONNACK or reason code; 0 for others. */
  readonly code: number;
  /** First byte that is not MQTT; -1 for others. */
  readonly firstByte: number;
}

/** The device was in, and then something was not answered. */
export interface SessionFailure {
  readonly step: 'subscribe' | 'publish' | 'ping';
  readonly side: 'mqtt';
  readonly kind: 'refused' | 'timeout' | 'closed' | 'stranger';
}

/** A failure and what was seen, in words. */
export interface SeenFailure {
  readonly failure: LoginFailure;
  readonly words: string;
}
