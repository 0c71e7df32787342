import { describe, expect, it } from 'vitest';
import { bottleneckWords, clockErrors, troubledHosts } from '../../../../src/metrics/judge/host-findings.ts';
import type { HostResult } from '../../../../src/results/summary/host-result.ts';
import type { WorkerResult } from '../../../../src/results/summary/worker-result.ts';

const HOST: HostResult = { name: 'a', state: 'finished', workers: 1, sessions: 10, lostSessions: 0 };
const WORKER: WorkerResult = {
  index: 0,
  host: 'a',
  state: 'finished',
  sessions: 10,
  lostSessions: 0,
  eventLoopDelayP99Us: 1_000,
  eventLoopDelayMaxUs: 2_000,
  cpuShareMean: 0.2,
  cpuShareMax: 0.4,
};

describe('findings about hosts', () => {
  it('are clocks whose error is above 50 ms', () => {
    expect(clockErrors([{ ...HOST, clockErrorUs: 50_000 }, HOST])).toEqual([]);
    expect(clockErrors([{ ...HOST, clockErrorUs: 50_001 }]).join()).toMatch(/^instants of a may be wrong by 50ms/);
  });

  it('are their troubles, by name', () => {
    expect(troubledHosts([HOST, { ...HOST, name: 'b', troubles: ['Redis was full'] }])).toEqual(['b: Redis was full']);
  });
});

describe('the bottleneck', () => {
  const hosts = [HOST, { ...HOST, name: 'b' }];

  it('is the host of the worker whose event loop was latest, or which was busiest if it was very busy', () => {
    const late = { ...WORKER, index: 1, host: 'b', eventLoopDelayP99Us: 60_000 };
    expect(bottleneckWords([WORKER, late], hosts)).toBe(
      '; the bottleneck was b (worker 1: event loop late by 60ms, 20% of a core)',
    );
    const busy = { ...WORKER, cpuShareMean: 0.95 };
    expect(bottleneckWords([busy, late], hosts)).toBe(
      '; the bottleneck was a (worker 0: event loop late by 1ms, 95% of a core)',
    );
  });

  it('has no name where all workers are in one place', () => {
    expect(bottleneckWords([WORKER], [])).toBe('');
    expect(bottleneckWords([WORKER], [HOST])).toBe('');
  });
});
