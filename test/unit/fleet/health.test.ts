import { describe, expect, it } from 'vitest';
import { HealthProbe } from '../../../src/fleet/health.ts';

function workFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('HealthProbe', () => {
  it('takes what little time the last interval lasted for a part of a second, not for all there was', () => {
    const probe = new HealthProbe();
    probe.start();
    workFor(50);
    const { cpuShare } = probe.take();
    probe.stop();
    expect(cpuShare).toBeGreaterThan(0);
    expect(cpuShare).toBeLessThan(0.3);
  });
});
