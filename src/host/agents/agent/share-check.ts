import { forbiddenHosts } from '../../../link/socket/remote-hosts.ts';
import { uselessSources } from '../../machine/source-check.ts';
import type { AgentShare } from '../payload/agent-share.ts';
import type { AgentOptions } from './agent-options.ts';

/** A share that an agent does not take, in words for whoever sent it. */
export class RefusedShare extends Error {
  override readonly name = 'RefusedShare';
}

/**
 * Throws a `RefusedShare` if the share would load a host that this agent was not allowed to, or start from addresses that it does not have:
 * whoever may put jobs into the queue cannot aim somebody's machines.
 */
export function checkShare(
  share: AgentShare,
  { name, allowedHosts, limits }: AgentOptions,
  sources: AgentShare['sources'],
): void {
  const forbidden = forbiddenHosts(hostsOf(share), allowedHosts);
  const [first] = forbidden;
  if (first !== undefined)
    throw new RefusedShare(
      `agent ${name} may not load ${forbidden.join(', ')}: whoever owns that machine must start it with --allow-remote '${first}'`,
    );
  if (typeof sources === 'string') return;
  const [useless] = uselessSources(sources, { own: limits.addresses, targets: undefined });
  if (useless !== undefined) throw new RefusedShare(`agent ${name}: ${useless}`);
}

/** Hosts that the share's connections go to; `${productKey}` is filled in where it is known. */
function hostsOf({ plans, access }: AgentShare): string[] {
  const mqtt = plans.flatMap(({ fleets }) =>
    fleets.map(({ fleet, endpoint }) =>
      fleet.productKey === undefined ? endpoint.host : endpoint.host.replaceAll(`\${productKey}`, fleet.productKey),
    ),
  );
  return [...new Set([...mqtt, ...(access.auth === undefined ? [] : [access.auth.host])])];
}
