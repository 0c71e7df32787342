import type { EndCause, Measure, Outcome } from '../../../src/results/outcome.ts';

/** What names of figures mean, in words. Each is typed or tested to cover every name that the program knows. */

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  response: 'from the planned instant of an attempt to its outcome: what a user of the service waits',
  service: 'from the start of an attempt to its outcome: what the service takes',
  slip: 'from the planned instant to the start: the lateness of the generator itself',
  auth: 'the whole HTTPS login',
  'auth-dns': 'its name lookup',
  'auth-tcp': 'its TCP connection',
  'auth-tls': 'its TLS handshake',
  'auth-http': 'its request and reply',
  dns: 'the name lookup of the MQTT service',
  tcp: 'from the connect call to an open socket',
  tls: 'the TLS handshake',
  mqtt: 'from CONNECT handed to the socket to the first byte of CONNACK',
};

export const STATISTIC_WORDS: Readonly<Record<string, string>> = {
  p50: 'the median',
  p90: 'percentiles: any from above `p0` to `p100`, such as `p97.5` or `p99.99`; `p999` is short for `p99.9`',
  min: 'the shortest',
  mean: 'the average',
  max: 'the longest',
  count: 'how many were measured',
};

export const OUTCOME_WORDS: Readonly<Record<Exclude<Outcome, `refused-${number}` | `auth-${string}`>, string>> = {
  accepted: 'CONNACK 0',
  'dns-failed': 'the name could not be resolved',
  'tcp-refused': 'the port answered with a reset: nobody listens there',
  'tcp-reset': 'the connection was reset before CONNACK',
  'tcp-timeout': 'no answer to the connection before `connectTimeout`',
  'tls-failed': 'the handshake failed; the detail says why: untrusted, expired, wrong name, an alert',
  'closed-before-connack': 'the service closed the connection without a CONNACK',
  'connack-timeout': 'connected, but no CONNACK before `connectTimeout`',
  'protocol-error':
    'the service sent something that MQTT does not allow, or the device would have had to; see the detail',
  'local-limit': 'this machine ran out of descriptors, ports or memory; never blamed on the target',
};

export const END_CAUSE_WORDS: Readonly<Record<Exclude<EndCause, `disconnect-${number}`>, string>> = {
  kicked: 'a newer login of the same device came',
  'closed-by-server': 'the service closed the connection',
  reset: 'the connection was reset',
  'keepalive-timeout': 'a ping got no answer within half a keepalive',
  'protocol-error': 'the service sent something that MQTT does not allow',
  dropped: 'an event of the scenario ended it',
  stopped: 'the run ended',
};

export const FIGURE_WORDS: Readonly<Record<string, string>> = {
  'attempts.count': 'attempts that were started',
  'attempts.planned': 'attempts whose planned instant lies within the run, started or not',
  'attempts.first-planned': 'the first attempts among them',
  'attempts.retries': 'started attempts that were not first ones',
  'attempts.unfinished': 'started, and cut before they had an outcome',
  'attempts.not-started': "planned, and never started: the generator's own doing",
  'attempts.peak': 'attempts in the busiest second',
  'attempts.planned-rate': 'planned first attempts per second, on average over the seconds that have any',
  'attempts.planned-peak': 'planned attempts in the busiest second',
  'connects.rate': 'accepted logins per second, on average over the seconds with planned first attempts',
  'connects.peak': 'accepted logins in the busiest second',
  'online.peak': 'most sessions online at once',
  'online.last': 'sessions online when the run began to end them',
  'kicks.count': 'sessions that a newer login of their device ended',
  'kicks.peak': 'kicks in the busiest second',
  'kicks.looping-devices': 'devices that were kicked twice or more',
  'kicks.loop-connects': 'share of all accepted logins that belong to such devices',
  'disturbances.count': 'instants at which sessions were lost together',
  'recovery.t50': 'until half of the lost sessions were online again',
  'recovery.t95': 'until 95% were',
  'recovery.t99': 'until 99% were',
  'recovery.t100': 'until all were',
  'recovery.longest-offline': 'the longest time that a lost session was offline',
  'recovery.amplification': 'attempts per recovered session, on average',
  'recovery.attempts-p99': 'the same, 99th percentile',
  'recovery.attempts-max': 'the same, most',
  'recovery.second-waves': 'sessions that came back and were lost again before all were back',
  'recovery.lost': 'sessions lost',
  'recovery.never-recovered': 'sessions that never came back',
  'recovery.peak': 'attempts in the busiest second of the recovery',
};

export const ATTEMPT_COLUMN_WORDS: Readonly<Record<string, string>> = {
  fleet: 'name of the fleet',
  device: 'name of the device',
  device_index: 'number of the device in its fleet, from 0',
  copy: '0 for the first session of a device, 1 and more for its duplicates',
  attempt: 'number of the attempt of this session, from 1',
  agent: 'who made the attempt; this column is there only if agents play the run',
  started_at: 'start in wall-clock time',
  planned_us: 'planned instant, from the start of the run',
  started_us: 'start, from the start of the run',
  ended_us: 'outcome, from the start of the run',
  outcome: 'how it ended',
  address: 'where it went, as the scenario has it; only there if the service has several addresses',
};
