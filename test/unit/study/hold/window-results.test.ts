import { expect, it } from 'vitest';
import { windowResults } from '../../../../src/study/hold/window-results.ts';
import type { JudgedWindow } from '../../../../src/study/windows/window.ts';

const GOALS = [{ source: 'response.p99 < 1s' }, { source: 'accepted.ratio >= 99%' }];

function judged(fromSec: number, more: Partial<JudgedWindow> = {}): JudgedWindow {
  return {
    ...{ fromSec, durationSec: 1, planned: 100, lost: 0, lostByGoal: [0, 0], result: 'good', medianUs: 1_234.5 },
    ...more,
  };
}

it('tells windows in order, and of those that are not good why', () => {
  const windows = [
    judged(3, { result: 'bad', lost: 7, missed: [0, 1] }),
    judged(2),
    judged(4, { result: 'invalid', lost: 9, missed: [1], invalidBy: 'late', medianUs: undefined }),
    judged(5, { result: 'invalid', missed: [], invalidBy: 'local-limit' }),
  ];
  expect(windowResults(windows, GOALS)).toEqual([
    { fromSec: 2, durationSec: 1, result: 'good', planned: 100, lost: 0, p50Us: 1_235 },
    {
      ...{ fromSec: 3, durationSec: 1, result: 'bad', planned: 100, lost: 7, p50Us: 1_235 },
      why: 'missed response.p99 < 1s, accepted.ratio >= 99%',
    },
    {
      ...{ fromSec: 4, durationSec: 1, result: 'invalid', planned: 100, lost: 9 },
      why: 'this tool started attempts too late to judge by; missed accepted.ratio >= 99%',
    },
    {
      ...{ fromSec: 5, durationSec: 1, result: 'invalid', planned: 100, lost: 0, p50Us: 1_235 },
      why: 'this machine ran out of descriptors or ports',
    },
  ]);
});
