import { z } from 'zod';
import { BUDGET, EXCEED, type Form, PRECISION, SEARCH_KINDS, SESSION_RANGE, STAY } from './capacity-words.ts';

/** A text of a form, kept as it is written: the command line may put another in its place. */
function written(form: Form<unknown>, description: string, examples: string[]) {
  const error = form.expected;
  return z
    .string({ error })
    .refine((text) => form.parse(text) !== undefined, { error })
    .optional()
    .meta({ description, examples });
}

const goalError = 'a goal, such as "response.p99 < 500ms"';
const goalsError = 'a list of 1 to 20 goals, such as ["response.p99 < 500ms"]';
const rateError = 'a range of rates such as 100/s..20000/s; in a search for sessions a rate such as 200/s';
const expectError = 'an expectation such as ">= 2000/s", or ">= 5000" in a search for sessions';

/** `capacity`: what `fleetstorm capacity` searches for. Which form some texts must have depends on the search: see `capacity-checks.ts`. */
export const capacitySchema = z
  .strictObject(
    {
      search: z
        .literal([...SEARCH_KINDS], { error: 'rate or sessions' })
        .default('rate')
        .meta({ description: 'What to find: logins per second, or sessions that stay online.', examples: ['rate'] }),
      goals: z
        .array(z.string({ error: goalError }), { error: goalsError })
        .min(1, { error: goalsError })
        .max(20, { error: goalsError })
        .optional()
        .meta({
          description:
            'What must hold, window by window, in the words of thresholds: an upper limit of a percentile such as response.p99 < 500ms, or a share such as accepted.ratio >= 99.9% or refused-3.ratio <= 1%. A search for sessions has one, the share that stays online. Left out: the thresholds that can be goals, or else response.p99 < 1s and accepted.ratio >= 99%; for sessions accepted.ratio >= 99.9%.',
          limits: 'From 1 to 20.',
          examples: [['response.p99 < 500ms', 'accepted.ratio >= 99.9%']],
        }),
      rate: z
        .string({ error: rateError })
        .optional()
        .meta({
          description:
            'Logins per second to search in. In a search for sessions: how fast they log in. Left out: 100/s..20000/s; for sessions 200/s.',
          examples: ['500/s..5000/s'],
        }),
      sessions: written(SESSION_RANGE, 'Sessions to search in, with search: sessions. Left out: 100..100000.', [
        '1000..50000',
      ]),
      precision: written(PRECISION, 'How far apart the two bounds may be. Left out: 5%.', ['5%']),
      exceed: written(
        EXCEED,
        'Share of the time that may miss a goal. Left out: 10%, and 50% once windows are seen to miss goals at random whatever the load.',
        ['10%'],
      ),
      budget: written(BUDGET, 'The most time to take. Left out: 10m; for sessions 30m.', ['10m']),
      stay: written(STAY, 'How long each session stays online before it logs out. Left out: 2s.', ['2s']),
      expect: z
        .string({ error: expectError })
        .optional()
        .meta({
          description: 'What the search is to prove, or else the exit code is 99. Left out: nothing.',
          examples: ['>= 2000/s'],
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
