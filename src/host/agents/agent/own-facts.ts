import { randomBytes } from 'node:crypto';
import { describeMachine } from '../../machine/machine-facts.ts';
import { PLAN_SCHEMA_VERSION } from '../payload/agent-share.ts';
import type { AgentFacts } from '../registry/agent-facts.ts';
import type { AgentOptions } from './agent-options.ts';

/** What an agent says of itself when it starts. */
export function ownFacts(options: AgentOptions): AgentFacts {
  const { name, version, limits, workers, processes, mostSessions, sources } = options;
  const { cores, ...machine } = describeMachine();
  return {
    name,
    instance: randomBytes(6).toString('hex'),
    version,
    planSchema: PLAN_SCHEMA_VERSION,
    isBusy: false,
    cores,
    workers,
    processes,
    descriptors: limits.descriptors,
    localPorts: limits.localPorts,
    sources: sources?.length ?? 0,
    mostSessions,
    machine,
  };
}
