import { z } from 'zod';
import { count, perSecond, seconds, share, told } from '../count.ts';
import { HOLD_PARTS } from './study-hold.ts';

const lowerSchema = z.strictObject({
  load: told(z.number().positive(), 'The highest load found at which the goals hold.', 673),
  isConfirmed: told(z.boolean(), 'Whether it was held once more without a break.', true),
  sureSec: told(seconds, 'Time that its windows were wanted for when it was classified.', 30),
  windowSec: told(z.number().positive(), 'Length of its windows.', 1),
  goodWindows: told(count, 'Windows in which every goal held.', 88),
  windows: told(count, 'All its valid windows.', 88),
  mostBadShare: told(share, 'The share of bad windows that the true one does not exceed, with 95% confidence.', 0.033),
  correlation: told(
    z.number().min(-1).max(1),
    'How much the loss of a window resembles that of the next; above 0.3, windows count for less than their number.',
    0,
  ),
  goodPerSec: told(
    perSecond,
    'Conditional throughput: the load less the loss of the worst window of the part of the time that must be good. 0 if there were too few windows.',
    673,
  ),
});

const upperSchema = z.strictObject({
  load: told(z.number().positive(), 'The smallest load above it at which they do not.', 703),
  badWindows: told(count, 'Windows in which a goal did not hold.', 4),
  windows: told(count, 'All its valid windows.', 4),
  isGrowing: told(z.boolean(), 'Whether a queue grew without end, which the goals had not noticed yet.', false),
  isGenerator: told(z.boolean(), 'Whether this tool, not the service, was the limit.', false),
});

const firstFailureSchema = z.strictObject({
  load: told(z.number().positive(), 'The load.', 703),
  outcome: told(z.string(), 'What became of most lost attempts, as in the holds.', 'refused-3'),
  phase: told(z.enum(HOLD_PARTS), 'In which phase.', 'mqtt'),
  count: told(count, 'How many.', 412),
});

/** What a study found. */
export const studyAnswerSchema = z.strictObject({
  ending: told(
    z.enum([
      ...(['found', 'below-range', 'above-range', 'generator-limited', 'metastable'] as const),
      ...(['budget', 'interrupted', 'failed'] as const),
    ]),
    'How the search ended: both bounds found; even the least load is too much; the largest holds; this tool was the limit; the service did not recover from an overload; the time was up; it was stopped; the service could not be used any more.',
    'found',
  ),
  isRegular: told(
    z.boolean(),
    'Whether both bounds were found, lie within the precision, and the lower one was confirmed.',
    true,
  ),
  sentence: told(z.string(), 'The answer in words.', '673 logins/s hold, 703/s do not.'),
  lower: told(lowerSchema.optional(), 'The load that holds; absent if none did.'),
  upper: told(upperSchema.optional(), 'The load that does not; absent if none was too much.'),
  firstFailure: told(firstFailureSchema.optional(), 'What failed first above the bound; absent if nothing did.'),
  fall: told(
    z
      .strictObject({
        load: told(z.number().positive(), 'The load that held before the overload and not after it.', 400),
        overload: told(z.number().positive(), 'The load that was too much in between.', 800),
        badShare: told(share, 'Share of the time at that load that was bad, after a rest.', 1),
        restedSec: told(seconds, 'How long the service had had to come to rest.', 60),
      })
      .optional(),
    'The overload outlasted its cause; absent if it did not.',
  ),
  noise: told(
    z
      .strictObject({
        load: told(z.number().positive(), 'Seen at this load and below: half of one that seemed too much.', 350),
        badWindows: told(count, 'Windows there in which a goal did not hold.', 3),
        windows: told(count, 'All valid windows there.', 35),
        exceed: told(share, 'Share of the time that was allowed to miss a goal because of it.', 0.5),
      })
      .optional(),
    'Windows missed goals at random, whatever the load; absent if they did not, or if that played no part.',
  ),
  inversions: told(
    z.array(
      z.strictObject({
        held: told(z.number().positive(), 'A load that held.', 800),
        failed: told(z.number().positive(), 'A smaller one that did not.', 734),
      }),
    ),
    'Results that contradict each other; the smaller load counts.',
    [],
  ),
});
export type StudyAnswer = z.infer<typeof studyAnswerSchema>;
