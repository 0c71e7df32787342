import { ATTEMPT_NUMBERS, type AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import { csvCell } from '../../report/csv.ts';
import { ELSEWHERE } from '../../results/address-figures.ts';

/**
 * Raw attempts as CSV: one row per attempt that got an outcome. `address` is there only if the service has several. `attempt` counts from 1 in each session; `copy` is 0 for a device's first
 * session. Instants are microseconds from the run's instant 0, and `started_at` is the start in wall-clock time. A phase that did not
 * happen or did not finish is empty.
 */
const COLUMNS = [
  ...[
    'fleet',
    'device',
    'device_index',
    'copy',
    'attempt',
    'started_at',
    'planned_us',
    'started_us',
    'ended_us',
    'outcome',
  ],
  ...['auth_us', 'auth_dns_us', 'auth_tcp_us', 'auth_tls_us', 'auth_http_us', 'dns_us', 'tcp_us', 'tls_us', 'mqtt_us'],
] as const;

/** The first line, with columns for addresses and agents only where there are any to tell apart. */
export function attemptsHeader({ addresses, hasAgents }: Omit<AttemptWords, 'fleets'>): string {
  const columns = [...COLUMNS, ...(addresses.length === 0 ? [] : ['address']), ...(hasAgents ? ['agent'] : [])];
  return `${columns.join(',')}\n`;
}

/** What the numbers of a row stand for, and which columns there are. */
export interface AttemptWords {
  readonly fleets: readonly string[];
  /** Empty if the service has a single address. */
  readonly addresses: readonly string[];
  /** Whether a last column names the agent that made the attempt. */
  readonly hasAgents: boolean;
}

const WIDTH = ATTEMPT_NUMBERS.length;
const FIRST_PHASE = ATTEMPT_NUMBERS.indexOf('authUs');
const ADDRESS = ATTEMPT_NUMBERS.indexOf('address');

/** The rows of a batch, each ended by a newline. `startedAtMs`: the wall clock at the run's instant 0; `agent`: who made them. */
export function attemptRows(batch: AttemptBatch, words: AttemptWords, startedAtMs: number, agent = ''): string {
  const fleets = words.fleets.map(csvCell);
  const addresses = words.addresses.map(csvCell);
  const end = words.hasAgents ? `,${csvCell(agent)}\n` : '\n';
  let text = '';
  for (let row = 0; row < batch.rows; row++) {
    const numbers = batch.numbers.subarray(row * WIDTH, (row + 1) * WIDTH);
    const [fleet = 0, index = 0, copy = 0, attempt = 0, address = 0] = numbers;
    const [outcome = 0, plannedUs = 0, startedUs = 0, endedUs = 0] = numbers.subarray(ADDRESS + 1);
    const startedAt = new Date(startedAtMs + startedUs / 1_000).toISOString();
    const device = csvCell(batch.devices[row] ?? '');
    text += `${fleets[fleet]},${device},${index},${copy},${attempt},${startedAt},${tenths(plannedUs)},${tenths(startedUs)},${tenths(endedUs)},${batch.outcomes[outcome]}`;
    for (let phase = FIRST_PHASE; phase < WIDTH; phase++) {
      const us = numbers[phase] ?? -1;
      text += us < 0 ? ',' : `,${tenths(us)}`;
    }
    if (addresses.length > 0) text += `,${addresses[address] ?? ELSEWHERE}`;
    text += end;
  }
  return text;
}

/** Rounds to a tenth of a microsecond: anything finer is clock noise. */
function tenths(us: number): number {
  return Math.round(us * 10) / 10;
}
