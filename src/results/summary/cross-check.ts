import { z } from 'zod';

const count = z.number().int().nonnegative();

/** A figure of the tool next to the emulator's own. */
export const crossCheckSchema = z.strictObject({
  name: z.string(),
  tool: count,
  emulator: count,
  /** `equal`: they must be equal, and a difference is a fault of the run; `info`: shown only. */
  rule: z.enum(['equal', 'info']),
  /** Attempts whose answer the tool may not have seen (cut, timed out, reset): by as many the two may differ. */
  tolerance: count.optional(),
});
export type CrossCheck = z.infer<typeof crossCheckSchema>;

/** True when the tool and the emulator must agree and are further apart than lost answers explain. */
export function isDifferent(check: CrossCheck): boolean {
  return check.rule === 'equal' && Math.abs(check.tool - check.emulator) > (check.tolerance ?? 0);
}
