import { describe, expect, it } from 'vitest';
import { capacityOf } from '../../../../src/host/agents/capacity.ts';
import type { AgentFacts } from '../../../../src/host/agents/registry/agent-facts.ts';

const AGENT: AgentFacts = {
  name: 'a',
  instance: 'abcdef0123',
  version: '1.0.0',
  planSchema: 1,
  isBusy: false,
  cores: 4,
  workers: 1,
  processes: 1,
  descriptors: 20_000,
  localPorts: 28_232,
  sources: 0,
  machine: { node: 'v20', platform: 'linux', cpu: '', memoryMiB: 1 },
};

describe('what an agent can hold', () => {
  it('is limited by descriptors, with those of threads and files left out, in each of its processes', () => {
    expect(capacityOf(AGENT, false)).toEqual({ sessions: 19_920, by: 'descriptors' });
    expect(capacityOf({ ...AGENT, workers: 2, processes: 2 }, true)).toEqual({ sessions: 39_840, by: 'descriptors' });
    expect(capacityOf({ ...AGENT, workers: 3, processes: 2 }, true).sessions).toBe(Math.floor((19_904 * 3) / 2));
  });

  it('is limited by the ports of each of its source addresses, unless it has as many as it needs', () => {
    const many = { ...AGENT, descriptors: 1_000_000 };
    expect(capacityOf(many, false)).toEqual({ sessions: 28_232, by: 'ports' });
    expect(capacityOf({ ...many, sources: 3 }, false)).toEqual({ sessions: 84_696, by: 'ports' });
    expect(capacityOf(many, true).by).toBe('descriptors');
  });

  it('is what it was told, if that is less', () => {
    expect(capacityOf({ ...AGENT, mostSessions: 5 }, false)).toEqual({ sessions: 5, by: '--sessions' });
    expect(capacityOf({ ...AGENT, descriptors: undefined, localPorts: undefined }, false).by).toBe('nothing known');
  });
});
