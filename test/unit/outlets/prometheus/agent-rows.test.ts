import { describe, expect, it } from 'vitest';
import type { MetricSource, ValueRow } from '../../../../src/outlets/prometheus/metric-row.ts';
import { AGENT_ROWS, MOST_AGENT_LABELS } from '../../../../src/outlets/prometheus/rows/agent-rows.ts';
import { WORKER_ROWS } from '../../../../src/outlets/prometheus/rows/worker-rows.ts';
import type { HostNow, LiveHost } from '../../../../src/report/live/live-host.ts';

function agents(count: number, now: HostNow = { state: 'running', clockErrorUs: 2_000 }): LiveHost[] {
  return Array.from({ length: count }, (_, index) => {
    return { name: `a${index}`, workers: [index], sessions: 10, report: () => now };
  });
}

function samples(rows: readonly ValueRow[], name: string, hosts: readonly LiveHost[]): readonly unknown[] {
  const workers = hosts.map((_host, worker) => ({
    worker,
    online: 5,
    eventLoopDelayP99Us: 1_000,
    eventLoopDelayMaxUs: 0,
    cpuShare: worker / 1_000,
  }));
  const source = { hosts, figures: { lastInterval: { workers } } } as unknown as MetricSource;
  return rows.find((row) => row.name === name)?.samples(source) ?? [];
}

describe('metrics of agents', () => {
  it('name each agent, and the agent of each worker', () => {
    const hosts = agents(2);
    expect(samples(AGENT_ROWS, 'fleetstorm_agent_sessions_online', hosts)).toEqual([
      [{ agent: 'a0' }, 5],
      [{ agent: 'a1' }, 5],
    ]);
    expect(samples(AGENT_ROWS, 'fleetstorm_agent_clock_error_seconds', hosts)[0]).toEqual([{ agent: 'a0' }, 0.002]);
    expect(samples(WORKER_ROWS, 'fleetstorm_worker_cpu_ratio', hosts)[1]).toEqual([
      { worker: '1', agent: 'a1' },
      0.001,
    ]);
  });

  it('say which are heard', () => {
    expect(samples(AGENT_ROWS, 'fleetstorm_agent_up', agents(1))).toEqual([[{ agent: 'a0' }, 1]]);
    expect(samples(AGENT_ROWS, 'fleetstorm_agent_up', agents(1, { state: 'silent' }))).toEqual([[{ agent: 'a0' }, 0]]);
  });

  it('have a bounded number of labels: beyond that, agents and their workers share one', () => {
    const hosts = agents(MOST_AGENT_LABELS + 20);
    const online = samples(AGENT_ROWS, 'fleetstorm_agent_sessions_online', hosts);
    expect(online).toHaveLength(MOST_AGENT_LABELS + 1);
    expect(online.at(-1)).toEqual([{ agent: 'others' }, 100]);
    const cpu = samples(WORKER_ROWS, 'fleetstorm_worker_cpu_ratio', hosts);
    expect(cpu).toHaveLength(MOST_AGENT_LABELS + 1);
    expect(cpu.at(-1)).toEqual([{ worker: 'others', agent: 'others' }, 0.119]);
  });

  it('have none where the run is played on one machine', () => {
    for (const { name } of AGENT_ROWS) expect(samples(AGENT_ROWS, name, [])).toEqual([]);
  });
});
