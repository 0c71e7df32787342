import { z } from 'zod';
import { duration } from './values.ts';

const listError = 'a list of conditions, such as "response.p99 < 500ms"';
const itemError = 'a condition, such as "response.p99 < 500ms", or { condition: ..., abort: true, grace: 10s }';

const stopping = z.strictObject(
  {
    condition: z
      .string({ error: 'a condition, such as "response.p99 < 500ms"' })
      .meta({ description: 'What must hold.', examples: ['accepted.ratio >= 90%'] }),
    abort: z
      .boolean({ error: 'true or false' })
      .default(false)
      .meta({ description: 'Stop the run in an orderly way as soon as it fails on what was measured so far.' }),
    grace: duration({ minUs: 0 })
      .optional()
      .meta({
        description: 'With abort: how long after the start it may fail without stopping the run.',
        examples: ['10s'],
      }),
  },
  { error: itemError },
);

/** `thresholds`: conditions as texts, or with what happens when they fail before the end. */
export const thresholdsSchema = z
  .array(z.union([z.string({ error: itemError }), stopping], { error: itemError }), { error: listError })
  .max(200, { error: listError })
  .default([])
  .meta({
    description: 'Conditions that decide the exit code. One without data fails.',
    examples: [
      [
        'response.p99 < 500ms',
        'meters.refused-4.count == 0',
        { condition: 'accepted.ratio >= 90%', abort: true, grace: '10s' },
      ],
    ],
  });
