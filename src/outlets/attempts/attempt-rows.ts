import { ATTEMPT_NUMBERS, type AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import { csvCell } from '../../report/csv.ts';

/**
 * Raw attempts as CSV: one row per attempt that got an outcome. `attempt` counts from 1 in each session; `copy` is 0 for a device's first
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

/** `hasAgents`: whether a last column names the agent that made the attempt. */
export function attemptsHeader(hasAgents: boolean): string {
  return `${[...COLUMNS, ...(hasAgents ? ['agent'] : [])].join(',')}\n`;
}

const WIDTH = ATTEMPT_NUMBERS.length;
const FIRST_PHASE = ATTEMPT_NUMBERS.indexOf('authUs');

/**
 * The rows of a batch, each ended by a newline. `startedAtMs`: the wall clock at the run's instant 0; `agent`: who made them, if there is a
 * column for that.
 */
export function attemptRows(
  batch: AttemptBatch,
  fleetNames: readonly string[],
  startedAtMs: number,
  agent?: string,
): string {
  const fleets = fleetNames.map(csvCell);
  const end = agent === undefined ? '\n' : `,${csvCell(agent)}\n`;
  let text = '';
  for (let row = 0; row < batch.rows; row++) {
    const numbers = batch.numbers.subarray(row * WIDTH, (row + 1) * WIDTH);
    const [fleet = 0, index = 0, copy = 0, attempt = 0, outcome = 0, plannedUs = 0, startedUs = 0, endedUs = 0] =
      numbers;
    const startedAt = new Date(startedAtMs + startedUs / 1_000).toISOString();
    const device = csvCell(batch.devices[row] ?? '');
    text += `${fleets[fleet]},${device},${index},${copy},${attempt},${startedAt},${tenths(plannedUs)},${tenths(startedUs)},${tenths(endedUs)},${batch.outcomes[outcome]}`;
    for (let phase = FIRST_PHASE; phase < WIDTH; phase++) {
      const us = numbers[phase] ?? -1;
      text += us < 0 ? ',' : `,${tenths(us)}`;
    }
    text += end;
  }
  return text;
}

/** Rounds to a tenth of a microsecond: anything finer is clock noise. */
function tenths(us: number): number {
  return Math.round(us * 10) / 10;
}
