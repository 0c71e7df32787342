/** Phases of an attempt in microseconds; -1 where a phase did not happen or did not finish. */
export interface AttemptPhases {
  /** Only of attempts with a HTTPS login. */
  readonly authUs?: number;
  readonly authDnsUs?: number;
  readonly authTcpUs?: number;
  readonly authTlsUs?: number;
  readonly authHttpUs?: number;
  readonly dnsUs: number;
  readonly tcpUs: number;
  readonly tlsUs: number;
  readonly mqttUs: number;
}
