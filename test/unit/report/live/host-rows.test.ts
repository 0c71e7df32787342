import { describe, expect, it } from 'vitest';
import { hostRows } from '../../../../src/report/live/host-rows.ts';
import type { HostNow, LiveHost } from '../../../../src/report/live/live-host.ts';
import { LiveState } from '../../../../src/report/live/live-state.ts';
import { drawn } from '../../../../src/report/text/spans.ts';
import type { TimelineLine } from '../../../../src/results/timeline-line.ts';

const STYLE = { columns: 100, unicode: true, color: false };

function host(
  name: string,
  workers: readonly number[],
  now: HostNow = { state: 'running', clockErrorUs: 140 },
): LiveHost {
  return { name, workers, sessions: 100, report: () => now };
}

/** Text of the rows; the workers have 10, 20, ... sessions online. */
function shown(hosts: readonly LiveHost[], count = hosts.length): string[] {
  const state = new LiveState({ scenario: 's', target: 't', sessions: 1, plannedDurationSec: 1 });
  state.hosts = hosts;
  const workers = [0, 1, 2].map((worker) => ({
    worker,
    online: 10 * (worker + 1),
    eventLoopDelayP99Us: 1_000 * (worker + 1),
    eventLoopDelayMaxUs: 0,
    cpuShare: 0.25 * (worker + 1),
  }));
  state.last = { workers } as Partial<TimelineLine> as TimelineLine;
  return hostRows(state, count, STYLE).map((line) => drawn(line, STYLE).trim().replaceAll(/ {2,}/g, '  '));
}

describe('rows of agents', () => {
  it('add up the sessions of their workers, and show the worst of these', () => {
    expect(shown([host('a', [0, 1]), host('b', [2], { state: 'finished' })])).toEqual([
      'agent  state  online  event loop p99  CPU  clock error',
      'a  running  30 of 100  2ms  50.0%  140us',
      'b  finished  30 of 100  3ms  75.0%  -',
    ]);
  });

  it('begin with those that are in trouble, and say how many there are', () => {
    const lost = host('c', [2], { state: 'lost' });
    expect(shown([host('a', [0]), host('b', [1]), lost], 2).map((row) => row.split('  ')[0])).toEqual([
      'agent (2 of 3)',
      'c',
      'a',
    ]);
    expect(shown([lost], 0)).toEqual([]);
    expect(shown([])).toEqual([]);
  });
});
