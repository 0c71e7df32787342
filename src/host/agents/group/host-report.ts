import type { HostReport } from '../../host.ts';
import type { AgentTimes } from '../agent-times.ts';
import { clockErrorNs, driftOf } from '../clock/clock-offset.ts';
import type { GroupAgent } from './group-agent.ts';

const NS_PER_US = 1_000;

/** What is known of an agent as a host, now. */
export function hostReport(agent: GroupAgent, { markedMs }: AgentTimes): HostReport {
  const { claimed, clock, clockAtEnd, why, longestSilenceMs, troubles } = agent;
  const { version, cores, machine } = claimed.facts;
  return {
    state: stateOf(agent, markedMs),
    version,
    machine: { ...machine, cores },
    ...(why === undefined ? {} : { error: why }),
    ...(clock === undefined ? {} : { clockErrorUs: Number(clockErrorNs(clock, clockAtEnd)) / NS_PER_US }),
    ...(clock === undefined || clockAtEnd === undefined
      ? {}
      : { clockDriftUs: Number(driftOf(clock, clockAtEnd).driftNs) / NS_PER_US }),
    ...(longestSilenceMs > markedMs ? { longestSilenceSec: longestSilenceMs / 1_000 } : {}),
    troubles,
  };
}

function stateOf(agent: GroupAgent, markedMs: number): HostReport['state'] {
  if (agent.state === 'lost' || agent.isGone) return 'lost';
  if (agent.isStopped) return 'stopped';
  if (agent.running.size === 0) return 'finished';
  return agent.silentMs > markedMs ? 'silent' : 'running';
}
