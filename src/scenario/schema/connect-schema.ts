import { z } from 'zod';
import type { ArrivalSpec } from '../../plan/arrivals.ts';
import { duration, MAX_DEVICES, rate, whole } from './values.ts';

const over = duration().meta({ description: 'How long it takes.', examples: ['10s'] });

const stageSchema = z.union(
  [
    z
      .strictObject({ rate: rate({ allowZero: true }), over }, { error: '{ rate, over }' })
      .meta({ description: 'The rate changes linearly from that of the previous stage (0 at first) to this one.' })
      .transform((stage) => ({ ratePerSec: stage.rate, overUs: stage.over })),
    z
      .strictObject({ target: whole(1, MAX_DEVICES), over }, { error: '{ target, over }' })
      .meta({ description: 'The number of started sessions grows linearly to this one.' })
      .transform((stage) => ({ targetSessions: stage.target, overUs: stage.over })),
  ],
  { error: 'a stage: { rate: 100/s, over: 10s } or { target: 500, over: 10s }' },
);

const stagesError = 'a list of stages, such as [{ rate: 100/s, over: 10s }, { target: 500, over: 10s }]';

/** `connect`: how the first attempts of a fleet are spread over time. */
export const connectSchema = z
  .discriminatedUnion(
    'arrival',
    [
      z.strictObject({ arrival: z.literal('burst') }).meta({ description: 'All at once.' }),
      z.strictObject({ arrival: z.literal('rate'), rate: rate() }).meta({ description: 'At a fixed rate.' }),
      z.strictObject({ arrival: z.literal('ramp'), over }).meta({ description: 'Evenly over a time.' }),
      z
        .strictObject({
          arrival: z.literal('stages'),
          stages: z
            .array(stageSchema, { error: stagesError })
            .min(1, { error: stagesError })
            .max(100, { error: stagesError }),
        })
        .meta({ description: 'Stage after stage, linear within each.' }),
      z
        .strictObject({ arrival: z.literal('poisson'), rate: rate() })
        .meta({ description: 'At random and independently, with this mean rate.' }),
    ],
    { error: 'one of burst, rate, ramp, stages, poisson' },
  )
  .meta({
    title: 'Arrival',
    description: 'When the sessions of the fleet make their first attempt. The plan never waits for the target.',
    examples: [
      { arrival: 'ramp', over: '10s' },
      { arrival: 'rate', rate: '500/s' },
    ],
  });

/** The arrival as the planner knows it. */
export function toArrival(input: z.output<typeof connectSchema>): ArrivalSpec {
  switch (input.arrival) {
    case 'burst':
      return { arrival: 'burst' };
    case 'ramp':
      return { arrival: 'ramp', overUs: input.over };
    case 'rate':
    case 'poisson':
      return { arrival: input.arrival, ratePerSec: input.rate };
    case 'stages':
      return input;
    default:
      return unreachable(input);
  }
}

function unreachable(input: never): never {
  throw new TypeError(`unknown arrival ${JSON.stringify(input)}`);
}
