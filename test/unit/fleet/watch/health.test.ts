import { describe, expect, it } from 'vitest';
import { HealthProbe } from '../../../../src/fleet/watch/health.ts';
import { bucketCounts } from '../../../../src/metrics/measure/bucket-counts.ts';
import { newHistogram, recordUs } from '../../../../src/results/latency/histogram.ts';

function workFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** A loop that was late by these at its last readings, one after the other. */
function loopOf(...delaysUs: number[]) {
  let isSampling = true;
  return {
    stopSampling: () => {
      isSampling = false;
    },
    take: () => {
      const us = isSampling ? delaysUs.shift() : undefined;
      if (us === undefined) return { p99Us: 0, maxUs: 0, counts: undefined };
      const delays = newHistogram();
      recordUs(delays, us);
      return { p99Us: us, maxUs: us, counts: bucketCounts(delays) };
    },
  };
}

describe('HealthProbe', () => {
  it('takes what little time the last interval lasted for a part of a second, not for all there was', () => {
    const probe = new HealthProbe(loopOf());
    probe.start();
    workFor(50);
    const { cpuShare } = probe.take();
    probe.stop();
    expect(cpuShare).toBeGreaterThan(0);
    expect(cpuShare).toBeLessThan(0.3);
  });

  it('knows nothing of what ending the sessions takes', () => {
    const probe = new HealthProbe(loopOf(100, 200, 900_000));
    probe.start();
    expect(probe.take().eventLoopDelayMaxUs).toBe(100);
    probe.rest();
    workFor(50);
    probe.rest();
    // Up to the stop, then nothing.
    expect(probe.take()).toMatchObject({ eventLoopDelayP99Us: 200, eventLoopDelayMaxUs: 200 });
    const after = { eventLoopDelayP99Us: 0, eventLoopDelayMaxUs: 0, cpuShare: 0, gcShare: 0, measuredUs: 0 };
    expect([probe.take(), probe.take()]).toEqual([after, after]);
    probe.stop();
  });

  it('tells the ports and the sources of its connections', () => {
    const news = [[0, 2], []];
    const sources = { use: { leastLeft: 7 }, takeNewlyUsed: () => news.shift() ?? [] };
    const probe = new HealthProbe(loopOf(), sources);
    probe.start();
    expect(probe.take()).toMatchObject({ portsLeft: 7, newSources: [0, 2] });
    expect(probe.take()).toMatchObject({ portsLeft: 7, newSources: [] });
    probe.stop();
  });
});
