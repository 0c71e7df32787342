import { z } from 'zod';
import { type DuplicatesPlan, NO_DUPLICATES } from '../../plan/duplicates.ts';
import { duration, portion, portionCount, whole } from './values.ts';

/** `duplicates`: devices of a fleet that run in several copies. */
export const duplicatesSchema = z
  .strictObject(
    {
      fraction: portion().meta({
        description: 'Devices of the fleet that run in several copies.',
        examples: ['2%', 10],
      }),
      copies: whole(2, 100)
        .default(2)
        .meta({ description: 'Sessions of each such device, the first one included.', examples: [3] }),
      start: z
        .union(
          [
            z.literal('together'),
            z.strictObject({
              later: duration().meta({ description: 'From the login of one copy to that of the next.' }),
            }),
          ],
          { error: 'together or { later: 10s }' },
        )
        .default('together')
        .meta({
          description:
            'When further copies log in. together: with the first, so that they fight at once; later: each this much after the one before, as a cloned device that is switched on later.',
          examples: ['together', { later: '10s' }],
        }),
    },
    { error: 'copies, such as { fraction: 2%, copies: 2, start: together }' },
  )
  .meta({
    title: 'Duplicates',
    description:
      'Devices that run several times at once, as cloned devices do: the service lets one in and kicks off the other. Left out: none.',
    examples: [{ fraction: '2%', copies: 2, start: 'together' }],
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
