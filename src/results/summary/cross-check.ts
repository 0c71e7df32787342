import { z } from 'zod';

const count = z.number().int().nonnegative();

/** One of the tool's counts and the emulator's own count. */
export const crossCheckSchema = z.strictObject({
  name: z.string(),
  tool: count,
  emulator: count,
  /** `equal`: they must be equal, and a difference degrades the run; `info`: for display only. */
  rule: z.enum(['equal', 'info']),
  /** Attempts whose answer the tool may not have seen (cut, timed out, reset): the two may differ by this many. */
  tolerance: count.optional(),
});
export type CrossCheck = z.infer<typeof crossCheckSchema>;

/** True if the tool and the emulator should agree but differ by more than lost answers explain. */
export function isDifferent(check: CrossCheck): boolean {
  return check.rule === 'equal' && Math.abs(check.tool - check.emulator) > (check.tolerance ?? 0);
}
