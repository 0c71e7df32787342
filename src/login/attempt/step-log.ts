import type { Fact, LoginStep, LoginStepName, StepState } from '../../results/login/login-step.ts';
import { escapeControls } from '../../text/safe-text.ts';
import type { LoginSurroundings } from './surroundings.ts';

/** Notes the steps of a login as they happen. */
export class StepLog {
  readonly steps: LoginStep[] = [];
  /** Connections opened so far. */
  connections = 0;
  readonly #surroundings: Pick<LoginSurroundings, 'nowUs'>;
  readonly #startedUs: number;

  /** `startedUs`: the beginning that instants are counted from. */
  constructor(surroundings: Pick<LoginSurroundings, 'nowUs'>, startedUs: number) {
    this.#surroundings = surroundings;
    this.#startedUs = startedUs;
  }

  /** Microseconds since the beginning. */
  get atUs(): number {
    return this.#surroundings.nowUs() - this.#startedUs;
  }

  /** Starts a step; it is noted when it has ended. */
  begin(step: LoginStepName): OpenStep {
    const atUs = this.atUs;
    return {
      end: (state, seen, facts = []) => {
        const tookUs = this.atUs - atUs;
        this.steps.push({ step, state, atUs, tookUs, seen: escapeControls(seen), facts: facts.map(safeFact) });
      },
    };
  }
}

/** A step that has begun. */
export interface OpenStep {
  end(state: StepState, seen: string, facts?: readonly Fact[]): void;
}

/** Certificates and names come from other people. */
function safeFact({ name, value }: Fact): Fact {
  return { name: escapeControls(name), value: escapeControls(value) };
}
