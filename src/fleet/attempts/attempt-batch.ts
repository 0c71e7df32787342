/** Raw attempts on their way from a worker to the coordinator: numbers in rows, and the texts that some of them refer to. */
export interface AttemptBatch {
  readonly rows: number;
  /** `ATTEMPT_NUMBERS.length` numbers per row. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** One device name per row. */
  readonly devices: readonly string[];
  /** The outcomes that the numbers of `outcome` index. */
  readonly outcomes: readonly string[];
  /** Attempts that this worker dropped since its last batch, because the coordinator had not taken the earlier ones. */
  readonly lost: number;
}

/** The numbers of a row, in order. Instants and phases are in microseconds; -1 marks a phase that did not happen or did not finish. */
export const ATTEMPT_NUMBERS = [
  'fleet',
  'index',
  'copy',
  'attempt',
  'address',
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
