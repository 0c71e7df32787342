import { z } from 'zod';
import { told } from '../count.ts';

/** Something wrong with a run: which rule found it, and a description. The verdicts are listed in order of importance. */
export const verdictFindingSchema = z.strictObject({
  rule: told(z.string(), 'Name of the rule that found it.', 'slip'),
  verdict: told(
    z.enum(['none-accepted', 'generator-limited', 'degraded']),
    'What it makes of the run. none-accepted: no login was accepted; generator-limited: the tool was the bottleneck; degraded: a part was lost.',
    'generator-limited',
  ),
  reason: told(z.string(), 'What was found, in words.', 'attempts started up to 116 ms late'),
});
export type VerdictFinding = z.infer<typeof verdictFindingSchema>;

/** Whether the measurements are reliable. */
export const verdictSchema = z.strictObject({
  verdict: told(
    z.enum(['valid', ...verdictFindingSchema.shape.verdict.options]),
    'The most important finding; valid: nothing is wrong.',
    'valid',
  ),
  reasons: told(z.array(z.string()), 'Everything that is wrong, in words; empty if nothing is.', []),
  findings: told(
    z.array(verdictFindingSchema).optional(),
    'The reasons with their kinds; absent if there are none, and in files of earlier versions.',
  ),
});
export type Verdict = z.infer<typeof verdictSchema>;
