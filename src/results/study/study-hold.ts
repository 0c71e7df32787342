import { z } from 'zod';
import { count, microseconds, perSecond, seconds, told } from '../count.ts';
import { PHASES } from '../outcome.ts';
import { percentilesSchema } from '../summary/percentiles.ts';

/** Parts of an attempt from its planned instant on: the generator's own lateness, then the phases. */
export const HOLD_PARTS = ['wait', ...PHASES] as const;
export type HoldPart = (typeof HOLD_PARTS)[number];

const phasesSchema = z.strictObject({
  waitUs: told(microseconds, 'From the planned instant to the start: the lateness of this tool.', 180),
  authUs: told(microseconds, 'Login over HTTPS.', 0),
  dnsUs: told(microseconds, 'Name resolution.', 0),
  tcpUs: told(microseconds, 'Opening the connection.', 240),
  tlsUs: told(microseconds, 'TLS handshake.', 0),
  mqttUs: told(microseconds, 'CONNECT written to CONNACK read.', 900),
});
export type HoldPhases = z.infer<typeof phasesSchema>;

const failureSchema = z.strictObject({
  outcome: told(
    z.string(),
    'What became of the attempts: an outcome; slow: accepted, but later than a goal allows; unanswered: by the end of their window.',
    'refused-3',
  ),
  phase: told(
    z.enum(HOLD_PARTS),
    'The phase in which they failed, or in which slow ones spent most of their time.',
    'mqtt',
  ),
  count: told(count, 'Number of attempts, or of sessions.', 412),
});
export type HoldFailure = z.infer<typeof failureSchema>;

const windowSchema = z.strictObject({
  fromSec: told(seconds, 'Where it begins, in seconds from the start of the hold.', 2),
  durationSec: told(z.number().positive(), 'Its length.', 1),
  result: told(
    z.enum(['good', 'bad', 'invalid']),
    'Every goal held; one did not; or this tool was late, so that it says nothing of the service.',
    'bad',
  ),
  planned: told(count, 'Attempts planned in it, or sessions that had to be online.', 703),
  lost: told(count, 'Those that a goal counts as lost, as far as was known when it was judged.', 103),
  p50Us: told(
    microseconds.optional(),
    'Median response of its accepted attempts; absent without any, and of sessions.',
    1400,
  ),
  why: told(
    z.string().optional(),
    'Why it is not good: the goals that it missed, and what this tool lacked; absent if it is good.',
    'missed accepted.ratio >= 99%',
  ),
});
export type HoldWindow = z.infer<typeof windowSchema>;

/** One load, held for some time. */
export const studyHoldSchema = z.strictObject({
  number: told(count, 'Number of the hold, from 1.', 1),
  load: told(z.number().positive(), 'The load: logins per second, or sessions.', 400),
  purpose: told(
    z.enum(['bracket', 'bisect', 'ensure', 'confirm', 'compare', 'recheck']),
    'Why: to find one load that holds and one that does not; to bring the bounds together; to be surer of one; to hold the lower one without a break; to see whether a lower load misses goals now and then as well; to see whether a load that held before an overload holds after it.',
    'bisect',
  ),
  result: told(
    z.enum(['lower', 'upper', 'undecided', 'limited']),
    'What the load is by all its windows until then: one that holds, one that is too much, not decided, or one that this tool could not make.',
    'lower',
  ),
  startedSec: told(seconds, 'When it began, in seconds from the start of the study.', 12.4),
  lastedSec: told(seconds, 'How long it lasted.', 7.2),
  restSec: told(seconds, 'How long the service had to come to rest before it.', 1.9),
  windowSec: told(z.number().positive(), 'Length of its windows.', 1),
  windows: told(
    z.strictObject({
      good: told(count, 'Windows in which every goal held.', 5),
      bad: told(count, 'Windows in which one did not.', 0),
      invalid: told(count, 'Windows in which this tool was late, which say nothing of the service.', 0),
    }),
    'Windows by result.',
  ),
  windowResults: told(z.array(windowSchema), 'Each window, in order.'),
  planned: told(count, 'Attempts planned in its windows.', 2000),
  accepted: told(count, 'Attempts accepted, of those planned after it had settled.', 2000),
  lost: told(count, 'Attempts of its windows that a goal counts as lost.', 0),
  acceptedPerSec: told(perSecond, 'Attempts accepted per second of its windows.', 400),
  response: told(percentilesSchema, 'Planned instant to CONNACK, of accepted attempts.'),
  phases: told(phasesSchema, 'Mean parts of accepted attempts, in microseconds.'),
  failures: told(z.array(failureSchema), 'What became of lost attempts, the most frequent first.'),
  onlineMax: told(count, 'Most sessions online at once.', 812),
  isGrowing: told(
    z.boolean(),
    'Whether the response grew from window to window as it does when a queue never empties: then the load is too much, whatever the windows say.',
    false,
  ),
});
export type StudyHold = z.infer<typeof studyHoldSchema>;
