import type { FleetShard } from '../../../fleet/protocol.ts';
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
  const forbidden = forbiddenHosts(askedHosts(share, allowedHosts), allowedHosts);
  const [first] = forbidden;
  if (first !== undefined)
    throw new RefusedShare(
      `agent ${name} may not load ${forbidden.join(', ')}: whoever owns that machine must start it with --allow-remote '${first}'`,
    );
  if (typeof sources === 'string') return;
  const [useless] = uselessSources(sources, { own: limits.addresses, targets: undefined });
  if (useless !== undefined) throw new RefusedShare(`agent ${name}: ${useless}`);
}

/** Hosts that an agent must have been allowed; one that was allowed as it is written is allowed whatever it expands to. */
function askedHosts(share: AgentShare, allowed: readonly string[]): string[] {
  const shards = share.plans.flatMap(({ fleets }) => fleets);
  const mqtt = shards.flatMap((shard) =>
    shard.endpoints.flatMap(({ host }) => (allowed.includes(host) ? [] : expandedHosts(shard, host))),
  );
  return [...mqtt, ...authHosts(share)];
}

/** All hosts that the share's connections go to. */
export function hostsOf(share: AgentShare): string[] {
  const shards = share.plans.flatMap(({ fleets }) => fleets);
  return [...new Set([...shards.flatMap(mqttHosts), ...authHosts(share)])];
}

function authHosts({ access }: AgentShare): string[] {
  return access.auth === undefined ? [] : [access.auth.host];
}

const PRODUCT = `\${productKey}`;

function mqttHosts(shard: FleetShard): string[] {
  return shard.endpoints.flatMap(({ host }) => expandedHosts(shard, host));
}

/** Of every product that the shard names: a row has its own, before that of its fleet. Products of a list that is yet to be read stay open. */
function expandedHosts({ fleet, rows }: Pick<FleetShard, 'fleet' | 'rows'>, host: string): string[] {
  if (!host.includes(PRODUCT)) return [host];
  const isRead = fleet.devices.kind === 'csv' && rows === undefined;
  const products = [
    fleet.productKey ?? PRODUCT,
    ...(isRead ? [PRODUCT] : (rows ?? []).map(({ productKey }) => productKey)),
  ];
  return [...new Set(products)].map((productKey) => host.replaceAll(PRODUCT, productKey));
}
