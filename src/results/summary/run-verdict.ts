import { z } from 'zod';

/** Something wrong with a run: which rule found it, and a description. The verdicts are listed in order of importance. */
export const verdictFindingSchema = z.strictObject({
  rule: z.string(),
  verdict: z.enum(['none-accepted', 'generator-limited', 'degraded']),
  reason: z.string(),
});
export type VerdictFinding = z.infer<typeof verdictFindingSchema>;

/** Whether the measurements are reliable. */
export const verdictSchema = z.strictObject({
  /** The most important finding; `findings` lists everything that is wrong. */
  verdict: z.enum(['valid', ...verdictFindingSchema.shape.verdict.options]),
  reasons: z.array(z.string()),
  /** The reasons with their kinds; absent if there are none, and in files of earlier versions. */
  findings: z.array(verdictFindingSchema).optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;
