import { env as ownEnv } from 'node:process';
import type { Host } from '../host/host.ts';
import type { MachineLimits } from '../host/machine/machine-limits.ts';
import { remoteTargets } from '../host/machine/target-hosts.ts';
import { tuningIn } from '../host/machine/tuning.ts';
import { machineHost } from '../host/machine-host.ts';
import { probeTarget, unansweredAt } from '../host/probe/probe.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** How a target is reached. */
export interface TargetOptions {
  /** Hosts besides this machine that may be loaded, by name, so that a typo cannot storm a production service. */
  readonly allowRemote?: readonly string[] | undefined;
  /** Environment variables: secrets that the scenario names, and `FLEETSTORM_TUNING`; those of the process by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A run that may not begin. */
export class RunRefusal extends Error {
  override readonly name = 'RunRefusal';
  readonly reasons: readonly string[];
  /** What `fleetstorm run` ends with: 2 for an unknown setting, 3 for a refusal, 4 for a target that does not answer. */
  readonly exitCode: number;

  constructor(reasons: readonly string[], exitCode: number) {
    super(reasons.join('\n'));
    this.reasons = reasons;
    this.exitCode = exitCode;
  }
}

/** The machine as a host. Throws a `RunRefusal` if a tuning is unknown. */
export function hostOf({ env = ownEnv }: TargetOptions, limits?: MachineLimits, processes = 1): Host {
  const tuning = tuningIn(env);
  if (!tuning.ok) throw new RunRefusal([tuning.fault], EXIT_CODES.usage);
  return machineHost({ env, limits, tuning: tuning.tuning }, processes);
}

/** Throws a `RunRefusal` if the target is remote and was not allowed. */
export function refuseRemote(scenario: Scenario, { allowRemote = [] }: TargetOptions): void {
  const remote = remoteTargets(scenario, allowRemote);
  if (remote.length === 0) return;
  const reason = `the target ${remote.join(', ')} is not this machine; if you may load it, name it in allowRemote`;
  throw new RunRefusal([reason], EXIT_CODES.preflightRefused);
}

/** Rejects with a `RunRefusal` if a real target does not answer. */
export async function refuseUnanswered(scenario: Scenario, { env = ownEnv }: TargetOptions): Promise<void> {
  const faults = await probeTarget(scenario, env);
  if (faults.length === 0) return;
  const reasons = faults.map((fault) => `the target does not answer: ${unansweredAt(fault)}; ${fault.advice}`);
  throw new RunRefusal(reasons, EXIT_CODES.targetUnreachable);
}
