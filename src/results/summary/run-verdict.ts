import { z } from 'zod';

/** Something that is wrong with a run: by which rule of the verdict, and in words. Its verdicts are in order, what must be told first in front. */
export const verdictFindingSchema = z.strictObject({
  rule: z.string(),
  verdict: z.enum(['none-accepted', 'generator-limited', 'degraded']),
  reason: z.string(),
});
export type VerdictFinding = z.infer<typeof verdictFindingSchema>;

/** Whether the measurements are reliable. */
export const verdictSchema = z.strictObject({
  /** What must be told first; `findings` has all that is wrong. */
  verdict: z.enum(['valid', ...verdictFindingSchema.shape.verdict.options]),
  reasons: z.array(z.string()),
  /** The reasons with their kinds; absent when there are none, and in files of old. */
  findings: z.array(verdictFindingSchema).optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;
