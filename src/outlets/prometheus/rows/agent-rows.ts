import type { LiveHost } from '../../../report/live/live-host.ts';
import { hostFigures } from '../../../report/words/host-figures.ts';
import { US_PER_SEC } from '../../../time/units.ts';
import type { MetricSource, Sample, ValueRow } from '../metric-row.ts';

/** Agents that have a label of their own; the others share one, so that a run never makes more series than a database can take. */
export const MOST_AGENT_LABELS = 100;
export const OTHER_AGENTS = 'others';

/** How the machines do that play a run. */
export const AGENT_ROWS: readonly ValueRow[] = [
  {
    kind: 'gauge',
    name: 'fleetstorm_agent_up',
    help: 'Whether the agent is heard: 1, or 0 once it is silent or lost; of `others`, how many are.',
    labels: ['agent'],
    samples: byAgent((host) => Number(isHeard(host)), sumOf),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_agent_sessions_online',
    help: 'Sessions of the agent that are online at the end of the last second.',
    labels: ['agent'],
    samples: byAgent((host, { figures }) => hostFigures(host.workers, figures.lastInterval).online, sumOf),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_agent_clock_error_seconds',
    help: "How wrong an instant of the agent may be on the coordinator's clock; of `others`, the largest.",
    labels: ['agent'],
    samples: byAgent(
      ({ report }) => secondsOf(report().clockErrorUs),
      (values) => Math.max(...values),
    ),
  },
];

/** The label of each agent. */
export function agentLabels(hosts: readonly LiveHost[]): ReadonlyMap<LiveHost, string> {
  return new Map(hosts.map((host, index) => [host, index < MOST_AGENT_LABELS ? host.name : OTHER_AGENTS]));
}

function byAgent(
  value: (host: LiveHost, source: MetricSource) => number | undefined,
  together: (values: readonly number[]) => number,
): ValueRow['samples'] {
  return (source) => {
    const values = new Map<string, number[]>();
    for (const [host, agent] of agentLabels(source.hosts)) {
      const found = value(host, source);
      if (found !== undefined) values.set(agent, [...(values.get(agent) ?? []), found]);
    }
    return [...values].map(([agent, all]): Sample => [{ agent }, together(all)]);
  };
}

function isHeard({ report }: LiveHost): boolean {
  const { state } = report();
  return state !== 'silent' && state !== 'lost';
}

function secondsOf(us: number | undefined): number | undefined {
  return us === undefined ? undefined : us / US_PER_SEC;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
