import { describe, expect, it } from 'vitest';
import { parseThreshold } from '../../../../src/metrics/judge/thresholds.ts';
import { type GoalCheck, goalOf } from '../../../../src/scenario/capacity/goal.ts';
import { mayBeLost } from '../../../../src/study/windows/goals.ts';

function read(source: string): GoalCheck {
  const parsed = parseThreshold(source, ['meters']);
  if (!parsed.ok) throw new Error(parsed.message);
  return goalOf(parsed.threshold);
}

describe('thresholds as goals', () => {
  it.each([
    [
      'response.p99 < 50ms',
      { lossRatio: 0.01, lost: { kind: 'slow', measure: 'response', limitUs: 50_000, isInclusive: false } },
    ],
    [
      'tcp.p97.5 <= 40ms',
      { lossRatio: 0.025, lost: { kind: 'slow', measure: 'tcp', limitUs: 40_000, isInclusive: true } },
    ],
    ['response.p999 < 1s', { lossRatio: 0.001 }],
    ['response.p99.99 < 1s', { lossRatio: 0.0001 }],
    ['response.max < 1s', { lossRatio: 0 }],
    ['accepted.ratio >= 99.9%', { lossRatio: 0.001, lost: { kind: 'failed' } }],
    ['accepted.ratio >= 100%', { lossRatio: 0 }],
    ['failed.ratio < 1%', { lossRatio: 0.01, lost: { kind: 'failed' } }],
    ['refused-3.ratio <= 2%', { lossRatio: 0.02, lost: { kind: 'outcome', outcome: 'refused-3' } }],
    ['meters.response.p50 < 1s', { fleet: 'meters', lossRatio: 0.5 }],
  ])('%s', (source, expected) => {
    expect(read(source)).toMatchObject({ ok: true, goal: { source, ...expected } });
  });

  it.each([
    'response.p99 > 50ms',
    'response.mean < 50ms',
    'response.refused-4.p99 < 1s',
    'slip.p99 < 1ms',
    'accepted.ratio <= 99%',
    'refused-3.ratio >= 2%',
    'accepted.count > 5',
    'recovery.t99 < 60s',
  ])('%s is none', (source) => {
    expect(read(source)).toMatchObject({ ok: false, message: `\`${source}\` cannot be a goal of a search` });
  });

  it('allow whole attempts', () => {
    expect(mayBeLost({ lossRatio: 0.01 }, 300)).toBe(3);
    expect(mayBeLost({ lossRatio: 0.01 }, 299)).toBe(2);
    expect(mayBeLost({ lossRatio: 0.001 }, 1_000)).toBe(1);
    expect(mayBeLost({ lossRatio: 0 }, 1_000)).toBe(0);
  });
});
