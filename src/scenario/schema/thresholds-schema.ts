import { z } from 'zod';
import { figureNames, thresholdPattern } from '../../metrics/judge/threshold-forms.ts';
import { MEASURES, PLAIN_END_CAUSES, PLAIN_OUTCOMES } from '../../results/outcome.ts';
import { duration } from './values.ts';

const listError = 'a list of conditions, such as "response.p99 < 500ms"';
const itemError = 'a condition, such as "response.p99 < 500ms", or { condition: ..., abort: true, grace: 10s }';

/** What an editor proposes: one of each kind, those first that most services are held to. */
const EXAMPLES = [
  'response.p99 < 500ms',
  'accepted.ratio >= 99.9%',
  'recovery.t99 < 60s',
  'recovery.never-recovered == 0',
  'connects.peak >= 500/s',
  'meters.refused-4.count == 0',
  'tcp.p97.5 <= 40ms',
  'kicks.lifetime.p50 > 10s',
];

const SUMMARY =
  '`METRIC OPERATOR LIMIT`, such as `response.p99 < 500ms`: what must hold at the end of the run. Operators: `<` `<=` `>` `>=` `==`. Of all fleets together, or of one with its name in front: `meters.response.p99 < 500ms`. Without data it fails.';

/** What may be compared with what: a line per kind of metric. */
const forms = (): readonly string[] => [
  `\`MEASURE.STATISTIC\` of accepted attempts, or \`MEASURE.OUTCOME.STATISTIC\` of others, with a duration such as \`500ms\` or \`1.5s\`. MEASURE: ${code(MEASURES)}. STATISTIC: any percentile such as \`p50\`, \`p97.5\` or \`p99.9\`, and \`min\`, \`mean\`, \`max\`; also \`count\`, with a whole number.`,
  `\`OUTCOME.ratio\` with a percentage such as \`99.9%\`, \`OUTCOME.count\` with a whole number. OUTCOME: ${code([...PLAIN_OUTCOMES, 'refused-N', 'auth-N'])}, or \`failed\` (all but accepted).`,
  `\`ended.CAUSE.count\` with a whole number. CAUSE: ${code(PLAIN_END_CAUSES)}.`,
  `With a duration also ${code(figureNames('us'))} (each the worst of all disturbances), and \`kicks.period\` and \`kicks.lifetime\` with a STATISTIC.`,
  `With a whole number also ${code(figureNames('count'))}.`,
  `With a rate such as \`500/s\` or \`30/m\`: ${code(figureNames('per-sec'))}.`,
  `With a percentage also ${code(figureNames('ratio'))}.`,
];

const condition = z.string({ error: itemError }).meta({
  // Made when it is asked for: only the published schema and the reference tell it, and each start of the program would pay for it.
  get description() {
    return [SUMMARY, ...forms()].join(' ').replaceAll('`', '');
  },
  get markdownDescription() {
    return [SUMMARY, '', ...forms().map((form) => `- ${form}`)].join('\n');
  },
  get pattern() {
    return thresholdPattern();
  },
  patternErrorMessage:
    'Expected METRIC OPERATOR LIMIT, such as response.p99 < 500ms, accepted.ratio >= 99.9% or meters.refused-4.count == 0.',
  examples: EXAMPLES,
});

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

const stopping = z
  .strictObject(
    {
      condition,
      abort: z.boolean({ error: 'true or false' }).default(false).meta({
        description:
          'Stop the run in an orderly way as soon as the condition fails on what was measured so far, so that a lost cause costs no more time.',
      }),
      grace: duration({ minUs: 0 })
        .optional()
        .meta({
          description:
            'With abort: how long after the start it may fail without stopping the run. Counts and rates grow from zero: give a minimum time to be reached. Left out: 0s.',
          examples: ['10s'],
        }),
    },
    { error: itemError },
  )
  .meta({ title: 'Condition that may stop the run' });

/** `thresholds`: conditions as texts, or with what happens when they fail before the end. */
export const thresholdsSchema = z
  .array(z.union([condition, stopping], { error: itemError }), { error: listError })
  .max(200, { error: listError })
  .default([])
  .meta({
    title: 'Thresholds',
    description:
      'Conditions that decide the exit code: 99 if one fails. Texts such as response.p99 < 500ms, or { condition, abort, grace } for one that stops the run. One without data fails.',
    limits: 'At most 200.',
    examples: [
      [
        'response.p99 < 500ms',
        'meters.refused-4.count == 0',
        { condition: 'accepted.ratio >= 90%', abort: true, grace: '10s' },
      ],
    ],
  });
