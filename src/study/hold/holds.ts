import type { Host } from '../../host/host.ts';
import type { RunTarget } from '../../host/run-target.ts';
import type { StudyHold } from '../../results/study/study-hold.ts';
import type { RunStop } from '../../run/run-stop.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { HoldResult, HoldStep } from '../search/capacity-search.ts';
import type { HoldQuestion, HoldState } from '../windows/hold-course.ts';
import type { JudgedWindow } from '../windows/window.ts';
import type { DeviceSupply } from './device-supply.ts';

/** What a study plays its holds with. */
export interface HoldParts {
  readonly scenario: Scenario;
  readonly host: Host;
  /** Stays open between holds. */
  readonly target: RunTarget;
  readonly workers: number | undefined;
  readonly allowedHosts: readonly string[];
  readonly supply: DeviceSupply;
  /** Ends the study: the hold under way in order, or at once. */
  readonly stop: RunStop;
}

/** A second of a hold, for whoever watches. */
export interface HoldProgress {
  readonly second: number;
  readonly windows: readonly JudgedWindow[];
  /** Sessions online. */
  readonly online: number;
  /** Median response of the accepted attempts of the second, in microseconds. */
  readonly medianUs: number | undefined;
  /** Whether its load is still to be decided. */
  readonly state: HoldState;
}

/** A hold under way. */
export interface HoldOrder {
  readonly step: HoldStep;
  readonly question: HoldQuestion;
  /** The most time it may take. */
  readonly mostSec: number;
  readonly onProgress: (progress: HoldProgress) => void;
}

/** What a hold measured, without its place in the study. */
export type HoldFigures = Omit<StudyHold, 'number' | 'purpose' | 'result' | 'startedSec' | 'restSec'>;

/** A hold that is over. */
export interface HoldOutcome {
  readonly result: HoldResult;
  readonly state: HoldState;
  readonly windows: readonly JudgedWindow[];
  readonly figures: HoldFigures;
  /** Doubts of its run that no window shows, in words. */
  readonly warnings: readonly string[];
}

/** Plays the holds of a search. */
export interface Holds {
  /** Length of the windows of a load, in seconds. */
  windowSec(load: number): number;
  /** The least time that a hold of it takes, in seconds. */
  leastSec(load: number): number;
  hold(order: HoldOrder): Promise<HoldOutcome>;
}
