import type { FirstAttemptsSpec } from '../../plan/first-attempts.ts';
import type { Share } from '../../plan/split.ts';
import type { EmulatorTarget, MqttTarget, Scenario } from '../../scenario/scenario.ts';

/** What the counts and figures of a run follow from besides what its workers report: a part of the scenario that holds no secret. */
export interface CountedScenario
  extends Pick<Scenario, 'name' | 'seed' | 'durationUs' | 'client' | 'noticeShare' | 'events' | 'thresholds'> {
  readonly fleets: readonly CountedFleet[];
  readonly target: CountedTarget;
}

/** The same of the service. */
export type CountedTarget = Pick<EmulatorTarget, 'kind'> | Pick<MqttTarget, 'kind' | 'addresses' | 'spread'>;

/** The same of a fleet. */
export interface CountedFleet extends FirstAttemptsSpec {
  readonly reconnect: { readonly name: string };
}

/** The same of one worker's plan. */
export interface CountedShard {
  readonly seed: number;
  readonly durationUs: number;
  readonly fleets: readonly CountedShare[];
}

/** One worker's share of a fleet. */
export interface CountedShare {
  readonly fleet: FirstAttemptsSpec;
  readonly share: Share;
}
