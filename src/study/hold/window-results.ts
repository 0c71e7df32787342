import type { HoldWindow } from '../../results/study/study-hold.ts';
import type { Goal } from '../windows/goals.ts';
import type { InvalidBy, JudgedWindow } from '../windows/window.ts';

const INVALID_WORDS: Readonly<Record<InvalidBy, string>> = {
  late: 'this tool started attempts too late to judge by',
  behind: 'this tool was behind its plan',
  'local-limit': 'this machine ran out of descriptors or ports',
};

/** The windows of a hold as a study tells them, in the order of their instants. */
export function windowResults(windows: readonly JudgedWindow[], goals: readonly Pick<Goal, 'source'>[]): HoldWindow[] {
  return windows
    .map((window) => {
      const { fromSec, durationSec, result, planned, lost, medianUs } = window;
      const why = whyOf(window, goals);
      return {
        ...{ fromSec, durationSec, result, planned, lost },
        ...(medianUs === undefined ? {} : { p50Us: Math.round(medianUs) }),
        ...(why === undefined ? {} : { why }),
      };
    })
    .sort((a, b) => a.fromSec - b.fromSec);
}

/** Why a window is not good; undefined if it is. */
function whyOf({ result, missed = [], invalidBy }: JudgedWindow, goals: readonly Pick<Goal, 'source'>[]) {
  const names = missed.flatMap((at) => goals[at]?.source ?? []).join(', ');
  const missedWords = names === '' ? [] : [`missed ${names}`];
  if (result === 'good') return undefined;
  return [...(invalidBy === undefined ? [] : [INVALID_WORDS[invalidBy]]), ...missedWords].join('; ');
}
