import type { Trial } from '../mlr/load-class.ts';
import { isGrowing } from './growth.ts';
import type { JudgedWindow } from './window.ts';
import type { WindowRules } from './window-rules.ts';

/** Invalid windows that are always forgiven. */
const FORGIVEN_WINDOWS = 2;

/** Whether a hold may end, and as what. */
export type HoldState = 'undecided' | 'decided' | 'limited';

/** What decides a hold. */
export interface HoldQuestion {
  /** Windows are wanted for this long, in seconds. */
  readonly sumSec: number;
  readonly exceedRatio: number;
  /** Whether these windows of the hold are enough to decide its load. */
  readonly hasEnough: (trials: readonly Trial[]) => boolean;
}

/** Valid windows as trials. */
export function trialsOf(windows: readonly JudgedWindow[]): Trial[] {
  return windows
    .filter(({ result }) => result !== 'invalid')
    .map(({ durationSec, lost, planned, result }) => ({
      durationSec,
      isBad: result === 'bad',
      lossRatio: planned === 0 ? 0 : Math.min(1, lost / planned),
    }));
}

/** Whether the windows of a hold decide its load, or show that the generator cannot. */
export function holdState(
  windows: readonly JudgedWindow[],
  { hasEnough, sumSec, exceedRatio }: HoldQuestion,
): HoldState {
  if (hasEnough(trialsOf(windows))) return 'decided';
  const invalid = windows.filter(({ result }) => result === 'invalid');
  const invalidSec = invalid.reduce((sum, { durationSec }) => sum + durationSec, 0);
  return invalid.length > FORGIVEN_WINDOWS && invalidSec > sumSec * exceedRatio ? 'limited' : 'undecided';
}

/** What a hold that has ended brought. */
export function holdResult(windows: readonly JudgedWindow[], rules: WindowRules, state: HoldState) {
  return { trials: trialsOf(windows), isLimited: state === 'limited', isGrowing: isGrowing(windows, rules.goals) };
}

/** How long a hold may have to last, in microseconds: settling, the windows that are wanted, and some that turn out invalid. */
export function longestHoldUs(
  { settleUs, windowUs, patienceUs }: WindowRules,
  { sumSec, exceedRatio }: HoldQuestion,
): number {
  const windows = Math.ceil((sumSec * 1e6) / windowUs);
  const invalid = FORGIVEN_WINDOWS + 1 + Math.ceil(windows * exceedRatio);
  return settleUs + (windows + invalid) * windowUs + patienceUs;
}
