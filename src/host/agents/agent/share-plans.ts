import type { ShardPlan } from '../../../fleet/protocol.ts';
import { isLoopbackHost } from '../../../link/socket/loopback.ts';
import { isAllowedHost } from '../../../link/socket/remote-hosts.ts';
import { sourceAddresses, sourcePlan } from '../../machine/source-plan.ts';
import { ALL_TUNINGS } from '../../machine/tuning.ts';
import type { AgentShare } from '../payload/agent-share.ts';
import type { AgentOptions } from './agent-options.ts';
import { hostsOf } from './share-check.ts';

/** The plans of an agent's workers: its share, plus what its machine adds. `number`: tells it from other shares on this machine. */
export function sharePlans(share: AgentShare, options: AgentOptions, number: number): ShardPlan[] {
  const { plans, environment } = share;
  const { limits, allowedHosts, tuning = ALL_TUNINGS } = options;
  const addresses = addressesOf(share, options, number);
  const access = { ...share.access, allowedHosts: withinOwn(share, allowedHosts) };
  const own = { warmsUp: tuning.has('warm-up'), collectsWhenQuiet: tuning.has('quiet-collections') };
  return plans.map((plan, index) => {
    const sources = sourcePlan(addresses, { turn: index, of: plans.length }, limits.portRange);
    return { ...plan, sources, access, tuning: own, environment };
  });
}

/** The agent's own, or else the scenario's. */
export function sourcesOf(share: AgentShare, { sources }: Pick<AgentOptions, 'sources'>): AgentShare['sources'] {
  return sources === undefined || share.sources === 'system' ? share.sources : sources;
}

/** Agents of one machine share its loopback addresses: each number has some of its own. */
function addressesOf(share: AgentShare, options: AgentOptions, number: number): readonly string[] | undefined {
  const sources = sourcesOf(share, options);
  const addresses = sourceAddresses(sources, share.sessions, share.targetHosts);
  if (sources !== 'auto' || !share.targetHosts.some(isLoopbackHost)) return addresses;
  return addresses?.map((address) => address.replace(/^127\.0\./, `127.${1 + (number % 254)}.`));
}

/** Replies may send devices only where both the run and this agent allow it; the share has been checked. */
function withinOwn(share: AgentShare, allowed: readonly string[]): string[] {
  const own = [...allowed, ...hostsOf(share)];
  return share.access.allowedHosts.filter((host) => isAllowedHost(host, own));
}
