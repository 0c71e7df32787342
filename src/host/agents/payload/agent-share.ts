import type { PlannedShard, ServiceAccess } from '../../../fleet/protocol.ts';
import type { Scenario } from '../../../scenario/scenario.ts';

/**
 * Version of the shape of `AgentShare` and all that it holds. Raised with every change of it that an older or newer program would take for
 * something else; coordinator and agents must have the same.
 */
export const PLAN_SCHEMA_VERSION = 1;

/** What one agent is to play: all that it does not know itself. Holds secrets, so it is never printed. */
export interface AgentShare {
  /** One a worker; their `rows` are the devices of their lists, except of the lists in `files`. */
  readonly plans: readonly PlannedShard[];
  readonly access: ServiceAccess;
  /** Values of the environment variables that templates name. */
  readonly environment: Readonly<Record<string, string>>;
  /** The scenario's source addresses. */
  readonly sources: Scenario['sources'] | 'system';
  /** Sessions of all its plans. */
  readonly sessions: number;
  /** Hosts that connections go to, as the scenario has them. */
  readonly targetHosts: readonly string[];
  /** Lists that are too large to send: each agent has them in its own data folder. */
  readonly files: readonly ListFile[];
}

/** A device list that lies on each agent. */
export interface ListFile {
  /** Base name: where it lies is the agent's own business. */
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Whom a share is for and by which program. A share that was packed for one of them is opened by no other. */
export interface ShareLabel {
  readonly runId: string;
  /** Which of the run's shares. */
  readonly share: number;
  /** The fencing token of the job. */
  readonly token: string;
  /** Version of this program. */
  readonly version: string;
}
