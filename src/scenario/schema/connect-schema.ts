import { z } from 'zod';
import type { ArrivalSpec } from '../../plan/arrivals.ts';
import { duration, MAX_DEVICES, rate, whole } from './values.ts';

const over = duration().meta({ description: 'How long it takes.', examples: ['10s', '5m'] });

const stageSchema = z.union(
  [
    z
      .strictObject(
        {
          rate: rate({ allowZero: true }).meta({ description: 'First attempts per second at the end of the stage.' }),
          over,
        },
        { error: '{ rate, over }' },
      )
      .meta({ description: 'The rate changes linearly from that of the previous stage (0 at first) to this one.' })
      .transform((stage) => ({ ratePerSec: stage.rate, overUs: stage.over })),
    z
      .strictObject(
        {
          target: whole(1, MAX_DEVICES).meta({
            description: 'Sessions started by the end of the stage, those of earlier stages included.',
            examples: [500],
          }),
          over,
        },
        { error: '{ target, over }' },
      )
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
      z
        .strictObject({ arrival: z.literal('burst').meta({ description: 'All first attempts at one instant.' }) })
        .meta({ description: 'All at once: the hardest start, as after a power cut.' }),
      z
        .strictObject({
          arrival: z.literal('rate').meta({ description: 'First attempts at a fixed rate.' }),
          rate: rate().meta({ description: 'First attempts per second, until all sessions have been started.' }),
        })
        .meta({ description: 'At a fixed rate.' }),
      z
        .strictObject({
          arrival: z.literal('ramp').meta({ description: 'First attempts evenly spread over a time.' }),
          over,
        })
        .meta({ description: 'Evenly over a time.' }),
      z
        .strictObject({
          arrival: z.literal('stages').meta({ description: 'Stages in turn, to raise the load step by step.' }),
          stages: z
            .array(stageSchema, { error: stagesError })
            .min(1, { error: stagesError })
            .max(100, { error: stagesError })
            .meta({
              description: 'Stages in turn, each linear from where the previous one ended.',
              examples: [
                [
                  { rate: '100/s', over: '10s' },
                  { target: 500, over: '10s' },
                ],
              ],
            }),
        })
        .meta({ description: 'Stage after stage, linear within each.' }),
      z
        .strictObject({
          arrival: z.literal('poisson').meta({ description: 'First attempts at random, as of independent devices.' }),
          rate: rate().meta({ description: 'First attempts per second, on average.' }),
        })
        .meta({ description: 'At random and independently, with this mean rate.' }),
    ],
    { error: 'one of burst, rate, ramp, stages, poisson' },
  )
  .meta({
    title: 'Arrival',
    description: 'When the sessions of the fleet make their first attempt. The plan never waits for the target.',
    examples: [{ arrival: 'ramp', over: '10s' }, { arrival: 'rate', rate: '500/s' }, { arrival: 'burst' }],
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
