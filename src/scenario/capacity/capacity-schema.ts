import { z } from 'zod';
import { thresholdPattern } from '../../metrics/judge/threshold-forms.ts';
import { DURATION_PATTERN, PERCENT_PATTERN } from '../../time/units.ts';
import { BUDGET, EXCEED, type Form, PRECISION, SEARCH_KINDS, SESSION_RANGE, STAY } from './capacity-words.ts';

/** What an editor knows of a text. */
interface Told {
  readonly description: string;
  readonly examples: string[];
  readonly limits: string;
  readonly pattern: string;
}

/** A text of a form, kept as it is written: the command line may put another in its place. */
function written({ parse, expected: error }: Form<unknown>, told: Told) {
  return z
    .string({ error })
    .refine((text) => parse(text) !== undefined, { error })
    .optional()
    .meta({ ...told, patternErrorMessage: `Expected ${error}.` });
}

/** A text whose form depends on the search: see `capacity-checks.ts`. */
function depending(error: string, told: Told) {
  return z
    .string({ error })
    .optional()
    .meta({ ...told, patternErrorMessage: `Expected ${error}.` });
}

const RATE = String.raw`\d+(?:\.\d+)?/(?:s|m|h)`;
const TO = String.raw`\s*\.\.\s*`;

const goalsError = 'a list of 1 to 20 goals, such as ["response.p99 < 500ms"]';
const goal = z.string({ error: 'a goal, such as "response.p99 < 500ms"' }).meta({
  // Made when it is asked for, as with thresholds.
  get pattern() {
    return thresholdPattern();
  },
  patternErrorMessage:
    'Expected METRIC OPERATOR LIMIT that single windows can be held to, such as response.p99 < 500ms or accepted.ratio >= 99.9%.',
});

/** `capacity`: what `fleetstorm capacity` searches for. */
export const capacitySchema = z
  .strictObject(
    {
      search: z
        .literal([...SEARCH_KINDS], { error: 'rate or sessions' })
        .default('rate')
        .meta({ description: 'What to find: logins per second, or sessions that stay online.', examples: ['rate'] }),
      goals: z
        .array(goal, { error: goalsError })
        .min(1, { error: goalsError })
        .max(20, { error: goalsError })
        .optional()
        .meta({
          description:
            'What must hold, window by window, in the words of thresholds: an upper limit of a percentile such as response.p99 < 500ms, or a share such as accepted.ratio >= 99.9% or refused-3.ratio <= 1%. A search for sessions has one, the share that stays online. Left out: the thresholds that can be goals, or else response.p99 < 1s and accepted.ratio >= 99%; for sessions accepted.ratio >= 99.9%.',
          limits: 'From 1 to 20.',
          examples: [['response.p99 < 500ms', 'accepted.ratio >= 99.9%']],
        }),
      rate: depending('a range of rates such as 100/s..20000/s; in a search for sessions a rate such as 200/s', {
        description:
          'Logins per second to search in. In a search for sessions: how fast they log in. Left out: 100/s..20000/s; for sessions 200/s.',
        examples: ['500/s..5000/s'],
        limits: 'A range; in a search for sessions a rate.',
        pattern: `^${RATE}(?:${TO}${RATE})?$`,
      }),
      sessions: written(SESSION_RANGE, {
        description: 'Sessions to search in, with search: sessions. Left out: 100..100000.',
        examples: ['1000..50000'],
        limits: 'A range of whole numbers.',
        pattern: String.raw`^\d+${TO}\d+$`,
      }),
      precision: written(PRECISION, {
        description: 'How far apart the two bounds may be. Left out: 5%.',
        examples: ['5%'],
        limits: 'From 1% to 50%.',
        pattern: PERCENT_PATTERN.source,
      }),
      exceed: written(EXCEED, {
        description:
          'Share of the time that may miss a goal. Left out: 10%, and 50% once windows are seen to miss goals at random whatever the load.',
        examples: ['10%'],
        limits: 'From 0% to 90%.',
        pattern: PERCENT_PATTERN.source,
      }),
      budget: written(BUDGET, {
        description: 'The most time to take. Left out: 10m; for sessions 30m.',
        examples: ['10m'],
        limits: 'From 30s.',
        pattern: DURATION_PATTERN.source,
      }),
      stay: written(STAY, {
        description: 'How long each session stays online before it logs out. Left out: 2s.',
        examples: ['2s'],
        limits: 'From 10ms to 1h.',
        pattern: DURATION_PATTERN.source,
      }),
      expect: depending('an expectation such as ">= 2000/s", or ">= 5000" in a search for sessions', {
        description: 'What the search is to prove, or else the exit code is 99. Left out: nothing.',
        examples: ['>= 2000/s'],
        limits: 'An operator of >=, >, <= and <, and a rate; in a search for sessions a number.',
        pattern: String.raw`^\s*(?:>=|<=|>|<)\s*\d+(?:\.\d+)?(?:/(?:s|m|h))?\s*$`,
      }),
    },
    { error: 'a capacity search, such as { goals: ["response.p99 < 500ms"], rate: 500/s..5000/s }' },
  )
  .optional()
  .meta({
    title: 'Capacity search',
    description:
      'What `fleetstorm capacity` searches for, in the words of its options, which come before it. Nothing else heeds it. Left out: what is usual.',
    examples: [{ goals: ['response.p99 < 500ms'], rate: '500/s..5000/s', expect: '>= 2000/s' }],
  });
