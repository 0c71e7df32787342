import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figureNames, thresholdPattern } from '../../../../src/metrics/judge/threshold-forms.ts';
import { parseThreshold } from '../../../../src/metrics/judge/thresholds.ts';
import { knownMetricNames } from '../../../../src/results/names/metric-names.ts';

// As validators of JSON Schema compile it.
const pattern = new RegExp(thresholdPattern(), 'u');
const metric = fc.constantFrom(
  ...knownMetricNames(),
  'refused-135.ratio',
  'auth-6200.count',
  'tcp.auth-460.p12.5',
  'ended.disconnect-142.count',
);
const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '=', '!=', '=>');
const limit = fc.constantFrom(
  '500ms',
  '1m30s',
  '1.5s',
  '0',
  '7',
  '1.5',
  '0.999',
  '99.9%',
  '100.0%',
  '101%',
  '1.0',
  '500/s',
  '30/m',
  'x',
  '10 s',
);
const blank = fc.constantFrom('', ' ', '  ');

describe('the pattern of thresholds', () => {
  it('takes what the program reads, and refuses what it refuses', () => {
    fc.assert(
      fc.property(
        metric,
        operator,
        limit,
        blank,
        fc.constantFrom('', 'meters.', 'a.b.'),
        (name, op, to, space, fleet) => {
          const text = `${space}${fleet}${name}${space}${op}${space}${to}${space}`;
          expect(pattern.test(text), text).toBe(parseThreshold(text, ['meters', 'a.b']).ok);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '',
    'response.p99',
    'response.p99 < ',
    'respond.p99 < 1s',
    'recovery.t98 < 1s',
    'ended.stopped.ratio == 0',
    'failed.p99 < 1s',
  ])('refuses %j', (text) => expect(pattern.test(text)).toBe(false));

  it('knows the names that stand for themselves by what they are compared with', () => {
    expect(figureNames('us')).toEqual([
      'recovery.t50',
      'recovery.t95',
      'recovery.t99',
      'recovery.t100',
      'recovery.longest-offline',
    ]);
    expect(figureNames('ratio')).toEqual(['kicks.loop-connects']);
    expect(figureNames('per-sec')).toEqual(expect.arrayContaining(['connects.rate', 'attempts.peak', 'recovery.peak']));
    expect(figureNames('count')).toEqual(
      expect.arrayContaining(['attempts.count', 'disturbances.count', 'recovery.lost']),
    );
  });
});
