import type { Clock } from '../../time/clock.ts';
import type { TimerWheel } from '../../time/wheel.ts';
import type { SourcePool } from '../socket/source-addresses.ts';

/** What the lean links of a worker share. */
export interface LeanEnvironment {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  /** Undefined: the system chooses where connections come from. */
  readonly sources: SourcePool | undefined;
}
