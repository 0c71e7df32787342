import { describe, expect, it } from 'vitest';
import type { AgentOptions } from '../../../../../src/host/agents/agent/agent-options.ts';
import { checkShare, RefusedShare } from '../../../../../src/host/agents/agent/share-check.ts';
import { sharePlans, sourcesOf } from '../../../../../src/host/agents/agent/share-plans.ts';
import { AGENT_TIMES } from '../../../../../src/host/agents/agent-times.ts';
import type { AgentShare } from '../../../../../src/host/agents/payload/agent-share.ts';
import { WHOLE_FLEET } from '../../../../../src/plan/split.ts';
import { plainFleet } from '../../../../fixtures/plain-fleet.ts';

const OPTIONS: AgentOptions = {
  name: 'a',
  version: '1.0.0',
  limits: {
    cores: 2,
    descriptors: 1_000,
    localPorts: 1_000,
    portRange: { first: 40_000, last: 40_999 },
    addresses: ['10.0.0.7', '127.0.0.1'],
  },
  workers: 2,
  processes: 1,
  mostSessions: undefined,
  sources: undefined,
  allowedHosts: ['broker.example.com'],
  key: undefined,
  dataFolder: undefined,
  env: {},
  tuning: undefined,
  times: AGENT_TIMES,
  tell: () => undefined,
};

function share(host: string, special: Partial<AgentShare> = {}): AgentShare {
  const fleet = {
    fleet: plainFleet({}),
    share: WHOLE_FLEET,
    transport: 'tcp' as const,
    endpoints: [{ host, port: 1883 }],
    spread: 'by-device' as const,
    devicesBefore: 0,
  };
  const plan = {
    seed: 1,
    durationUs: 1,
    client: 'lean' as const,
    fleets: [fleet],
    events: [],
    drops: [],
    lossSpans: [],
  };
  return {
    plans: [
      { worker: 4, ...plan },
      { worker: 5, ...plan },
    ],
    access: {
      authConnections: 'own',
      followsResources: false,
      allowedHosts: ['broker.example.com', 'other.example.com'],
    },
    environment: {},
    sources: 'auto',
    sessions: 2,
    targetHosts: [host],
    files: [],
    ...special,
  };
}

function refusal(one: AgentShare, options: Partial<AgentOptions> = {}): string {
  const all = { ...OPTIONS, ...options };
  try {
    checkShare(one, all, sourcesOf(one, all));
    return 'none';
  } catch (error) {
    if (error instanceof RefusedShare) return error.message;
    throw error;
  }
}

describe('an agent', () => {
  it('loads its own machine, and hosts that it was allowed by name, whatever a share asks for', () => {
    expect(refusal(share('127.0.0.1'))).toBe('none');
    expect(refusal(share('broker.example.com'))).toBe('none');
    expect(refusal(share('evil.example.com'))).toBe(
      "agent a may not load evil.example.com: whoever owns that machine must start it with --allow-remote 'evil.example.com'",
    );
  });

  it('holds the HTTPS login and hosts with a product key in them to the same list', () => {
    const access = {
      ...share('broker.example.com').access,
      auth: { host: 'login.example.com', port: 443, isSecure: true, path: '/auth' },
    };
    expect(refusal(share('broker.example.com', { access }))).toContain('may not load login.example.com');
    expect(refusal(share(`\${productKey}.example.com`))).toContain('may not load a1Meters.example.com');
    expect(refusal(share(`\${productKey}.example.com`), { allowedHosts: ['a1Meters.example.com'] })).toBe('none');
  });

  it('follows replies only to hosts that both the run and the agent allow', () => {
    const [plan] = sharePlans(share('broker.example.com'), OPTIONS, 0);
    expect(plan?.access.allowedHosts).toEqual(['broker.example.com']);
  });

  it("starts connections from its own addresses before the scenario's, and refuses addresses that it does not have", () => {
    const own = { sources: ['10.0.0.7'] };
    expect(sourcesOf(share('broker.example.com'), own)).toEqual(['10.0.0.7']);
    expect(sourcesOf(share('broker.example.com', { sources: 'system' }), own)).toBe('system');
    expect(refusal(share('broker.example.com', { sources: ['10.0.0.8'] }))).toMatch(
      /^agent a: sources: 10\.0\.0\.8 is not an address/,
    );
  });

  it('gives its workers ports in turn, and loopback addresses that other agents of its machine do not use', () => {
    const plans = sharePlans(share('127.0.0.1'), OPTIONS, 2);
    expect(plans.map(({ sources }) => [sources?.addresses[0], sources?.firstPort, sources?.step])).toEqual([
      ['127.3.0.1', 40_000, 2],
      ['127.3.0.1', 40_001, 2],
    ]);
  });
});
