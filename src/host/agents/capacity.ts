import { BASE_DESCRIPTORS, DESCRIPTORS_PER_WORKER } from '../machine/descriptor-need.ts';
import type { AgentFacts } from './registry/agent-facts.ts';

/** How many sessions an agent can hold, and what limits it. */
export interface Capacity {
  readonly sessions: number;
  /** In words: `descriptors`, `ports`, `--sessions`. */
  readonly by: string;
}

/** Where nothing says how many. */
const UNLIMITED = 10_000_000;

/** `hasOwnPorts`: whether each agent takes as many source addresses as it needs, as for a service on its own machine. */
export function capacityOf(facts: AgentFacts, hasOwnPorts: boolean): Capacity {
  const { descriptors, localPorts, sources, mostSessions, workers, processes } = facts;
  const threads = Math.ceil(workers / processes);
  const limits: Capacity[] = [{ sessions: UNLIMITED, by: 'nothing known' }];
  if (descriptors !== undefined) {
    const free = Math.max(0, descriptors - BASE_DESCRIPTORS - DESCRIPTORS_PER_WORKER * threads);
    // The fullest process has `threads` of all `workers`.
    limits.push({ sessions: Math.floor((free * workers) / threads), by: 'descriptors' });
  }
  if (localPorts !== undefined && !hasOwnPorts)
    limits.push({ sessions: localPorts * Math.max(1, sources), by: 'ports' });
  if (mostSessions !== undefined) limits.push({ sessions: mostSessions, by: '--sessions' });
  return limits.reduce((least, limit) => (limit.sessions < least.sessions ? limit : least));
}

/** Why agents cannot hold a run together, with the arithmetic; undefined if they can. */
export function shortage(
  agents: readonly { readonly name: string; readonly capacity: Capacity }[],
  sessions: number,
): string | undefined {
  const sum = agents.reduce((all, { capacity }) => all + capacity.sessions, 0);
  if (sum >= sessions) return undefined;
  const parts = agents.map(({ name, capacity }) => `${name} ${grouped(capacity.sessions)} (${capacity.by})`);
  return `${agents.length} ${agents.length === 1 ? 'agent holds' : 'agents hold'} ${parts.join(' + ')} = ${grouped(sum)} sessions, and the scenario has ${grouped(sessions)}: take more agents, raise what limits these, or run fewer devices`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
