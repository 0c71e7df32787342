import { describe, expect, it } from 'vitest';
import type { AgentOptions } from '../../../../../src/host/agents/agent/agent-options.ts';
import { checkShare } from '../../../../../src/host/agents/agent/share-check.ts';
import { sharePlans } from '../../../../../src/host/agents/agent/share-plans.ts';
import { AGENT_TIMES } from '../../../../../src/host/agents/agent-times.ts';
import type { AgentShare } from '../../../../../src/host/agents/payload/agent-share.ts';
import { listedShard, plainShare, planOf, rowOf } from '../../../../fixtures/agents/agent-shares.ts';
import { plainFleet } from '../../../../fixtures/plain-fleet.ts';

const TEMPLATE = `\${productKey}.mqtt.example`;

function optionsWith(...allowedHosts: readonly string[]): AgentOptions {
  const limits = {
    descriptors: 1_000,
    localPorts: 28_000,
    portRange: undefined,
    cores: 2,
    availableBytes: undefined,
    listenBacklog: undefined,
    addresses: ['10.0.0.2'],
  };
  return {
    name: 'a',
    version: '1.2.3',
    limits,
    workers: 1,
    processes: 1,
    mostSessions: undefined,
    sources: undefined,
    allowedHosts,
    key: undefined,
    dataFolder: undefined,
    env: {},
    tuning: undefined,
    times: AGENT_TIMES,
    tell: () => undefined,
  };
}

/** A share of a fleet whose host is made of the product of each device. */
function templated(shard: ReturnType<typeof listedShard>, special: Partial<AgentShare> = {}): AgentShare {
  return plainShare({ plans: [planOf([{ ...shard, endpoints: [{ host: TEMPLATE, port: 1_883 }] }])], ...special });
}

function refusal(share: AgentShare, ...allowed: readonly string[]): string {
  try {
    checkShare(share, optionsWith(...allowed), 'auto');
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('an agent', () => {
  it('loads only hosts of its own list, and its own machine', () => {
    expect(refusal(plainShare())).toContain(
      "agent a may not load 10.1.2.3: whoever owns that machine must start it with --allow-remote '10.1.2.3'",
    );
    expect(refusal(plainShare(), '10.1.2.3')).toBe('');
    const loopback = planOf([{ endpoints: [{ host: '127.0.0.1', port: 1 }] }]);
    expect(refusal(plainShare({ plans: [loopback] }))).toBe('');
  });

  it('looks at the product of each row, which comes before that of the fleet', () => {
    const fleet = { productKey: 'pk' };
    const share = templated(listedShard([rowOf({ productKey: 'pk' }), rowOf({ productKey: 'victim' })], fleet));
    expect(refusal(share, 'pk.mqtt.example')).toContain('may not load victim.mqtt.example');
    expect(refusal(share, 'pk.mqtt.example', 'victim.mqtt.example')).toBe('');
    expect(refusal(share, TEMPLATE)).toBe('');
  });

  it('must be allowed the host as it is written, if its products stand in a list that is yet to be read', () => {
    const listed = { ...listedShard([rowOf()], { productKey: 'pk' }), rows: undefined };
    expect(refusal(templated(listed), 'pk.mqtt.example')).toContain(`may not load ${TEMPLATE}`);
    expect(refusal(templated(listed), TEMPLATE)).toBe('');
  });

  it('lets replies send devices only where it may load, whatever the share allows', () => {
    const access = { ...plainShare().access, allowedHosts: ['pk.mqtt.example', 'victim.example', '127.0.0.1'] };
    const shard = { fleet: plainFleet({ productKey: 'pk' }) };
    const share = templated(shard, { access, targetHosts: ['victim.example'] });
    const [plan] = sharePlans(share, optionsWith(TEMPLATE), 0);
    expect(plan?.access.allowedHosts).toEqual(['pk.mqtt.example', '127.0.0.1']);
  });
});
