/** Raw attempts on their way from a worker to the coordinator: numbers in rows, and the texts that they stand for. */
export interface AttemptBatch {
  readonly rows: number;
  /** `ATTEMPT_NUMBERS.length` numbers a row. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** A name a row. */
  readonly devices: readonly string[];
  /** What the numbers of `outcome` stand for. */
  readonly outcomes: readonly string[];
  /** Attempts that this worker let go since its last batch, because the coordinator had not taken the ones before. */
  readonly lost: number;
}

/** The numbers of a row, in their order. Instants and phases are microseconds; -1: a phase that did not happen or did not finish. */
export const ATTEMPT_NUMBERS = [
  'fleet',
  'index',
  'copy',
  'attempt',
  'outcome',
  'plannedUs',
  'startedUs',
  'endedUs',
  'authUs',
  'authDnsUs',
  'authTcpUs',
  'authTlsUs',
  'authHttpUs',
  'dnsUs',
  'tcpUs',
  'tlsUs',
  'mqttUs',
] as const;
