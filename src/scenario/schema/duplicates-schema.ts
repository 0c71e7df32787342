import { z } from 'zod';
import { type DuplicatesPlan, NO_DUPLICATES } from '../../plan/duplicates.ts';
import { duration, portion, portionCount, whole } from './values.ts';

/** `duplicates`: devices of a fleet that run in several copies. */
export const duplicatesSchema = z
  .strictObject(
    {
      fraction: portion().meta({ description: 'Devices that run in several copies.', examples: ['2%', 10] }),
      copies: whole(2, 100).default(2).meta({ description: 'Sessions of each such device, in total.' }),
      start: z
        .union([z.literal('together'), z.strictObject({ later: duration() })], { error: 'together or { later: 10s }' })
        .default('together')
        .meta({
          description:
            'When further copies log in: together with the first, or each this much later than the one before.',
        }),
    },
    { error: 'copies, such as { fraction: 2%, copies: 2, start: together }' },
  )
  .meta({
    title: 'Duplicates',
    description: 'Devices that run several times at once: the copies kick each other off.',
  });

/** The copies in exact numbers. */
export function toDuplicates(input: z.output<typeof duplicatesSchema> | undefined, devices: number): DuplicatesPlan {
  if (input === undefined) return NO_DUPLICATES;
  return {
    deviceCount: Math.min(devices, portionCount(input.fraction, devices)),
    copies: input.copies,
    laterUs: input.start === 'together' ? 0 : input.start.later,
  };
}
