import { z } from 'zod';
import { count, told } from '../count.ts';

/** One of the tool's counts and the emulator's own count. */
export const crossCheckSchema = z.strictObject({
  name: told(z.string(), 'What both sides counted.', 'accepted'),
  tool: told(count, "The tool's count.", 1000),
  emulator: told(count, "The emulator's own count.", 1000),
  rule: told(
    z.enum(['equal', 'info']),
    'equal: they must be equal, and a difference degrades the run; info: for display only.',
    'equal',
  ),
  tolerance: told(
    count.optional(),
    'Attempts whose answer the tool may not have seen (cut, timed out, reset): the two may differ by this many.',
    3,
  ),
});
export type CrossCheck = z.infer<typeof crossCheckSchema>;

/** True if the tool and the emulator should agree but differ by more than lost answers explain. */
export function isDifferent(check: CrossCheck): boolean {
  return check.rule === 'equal' && Math.abs(check.tool - check.emulator) > (check.tolerance ?? 0);
}
