import type { MachineLimits } from '../../machine/machine-limits.ts';
import type { Tuning } from '../../machine/tuning.ts';
import type { AgentTimes } from '../agent-times.ts';
import type { RunKey } from '../payload/run-key.ts';

/** What an agent is started with. */
export interface AgentOptions {
  readonly name: string;
  readonly version: string;
  readonly limits: MachineLimits;
  /** Threads, and processes that they are spread over; 1: this one. */
  readonly workers: number;
  readonly processes: number;
  /** The most sessions; undefined: as many as the machine allows. */
  readonly mostSessions: number | undefined;
  /** Addresses that connections start from; undefined: as scenarios have it. */
  readonly sources: readonly string[] | undefined;
  /** Hosts besides this machine that it may load. */
  readonly allowedHosts: readonly string[];
  readonly key: RunKey | undefined;
  /** Where device lists lie that are too large to send. */
  readonly dataFolder: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tuning: Tuning | undefined;
  readonly times: AgentTimes;
  /** Tells people what it does, a line each. */
  readonly tell: (words: string) => void;
}
