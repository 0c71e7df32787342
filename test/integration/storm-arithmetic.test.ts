import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../src/emulator/login/token-bucket.ts';
import type { RecoveryFigures } from '../../src/results/summary/disturbance.ts';
import { playVirtually } from '../fixtures/virtual/virtual-run.ts';

interface Storm {
  readonly devices: number;
  readonly perSec: number;
  /** Admissions saved up. */
  readonly saved: number;
  readonly policy: string;
}

const STORM_US = 2_000_000;
/** What a login takes from the service, either way. */
const ANSWER_US = 1_000;

/**
 * N devices lost at once before a service that admits C a second, with C saved up: the waves of a fixed interval bring C back each, and the
 * figures follow (docs/protocol.md section 6). N is a little below a whole number of waves, so that a single late admission does not add a wave.
 */
function storm({ devices, perSec, policy }: Storm): string {
  const leastSec = Math.ceil(devices / perSec);
  return `
version: 1
name: arithmetic
seed: 3
duration: ${4 + Math.ceil(leastSec * 1.5)}s
target: { emulator: { profile: "2017" } }
fleets:
  - name: meters
    productKey: a1Meters
    devices: ${devices}
    connect: { arrival: ramp, over: 1500ms }
    reconnect: ${policy}
events:
  - { after: { online: 100%, wait: 500ms }, drop: { fraction: 100%, by: reset } }
`;
}

/** The whole run in virtual time, before the emulator's own bucket: its figures are the same on any machine. */
async function recovered(from: Storm): Promise<{ recovery: RecoveryFigures; refusedByService: number }> {
  const bucket = new TokenBucket({ perSec: from.perSec, burst: from.saved });
  let refusedByService = 0;
  const { figures, faults } = await playVirtually({
    scenario: storm(from),
    service: {
      answer: (_nth, atUs) => {
        if (atUs < STORM_US || bucket.take(atUs)) return { kind: 'accept', afterUs: ANSWER_US };
        refusedByService++;
        return { kind: 'refuse', afterUs: ANSWER_US, code: 3 };
      },
    },
  });
  expect(faults).toEqual([]);
  expect(figures.disturbances).toHaveLength(1);
  const recovery = figures.disturbances?.[0]?.total ?? expect.fail('no disturbance');
  return { recovery, refusedByService };
}

const within10Percent = (actual: number | undefined, expected: number): void => {
  expect(actual).toBeGreaterThan(expected * 0.9);
  expect(actual).toBeLessThan(expected * 1.1);
};

describe('a storm of N devices against C admissions a second', () => {
  it.each([
    [295, 60, 1],
    [590, 60, 1],
    [236, 40, 2],
  ])('N = %d, C = %d, every %d s: T100 = N / C, N / 2S + 1/2 attempts each', async (devices, perSec, everySec) => {
    const saved = perSec * everySec;
    const policy = `{ growth: fixed, base: ${everySec}s }`;
    const { recovery, refusedByService } = await recovered({ devices, perSec, saved, policy });
    expect(recovery).toMatchObject({ lost: devices, recovered: devices, lostBy: { dropped: devices } });
    within10Percent(recovery.t100Sec, devices / perSec);
    within10Percent(recovery.attemptsPerRecovered?.mean, devices / (2 * saved) + 0.5);
    const refused = recovery.refusals['refused-3'] ?? 0;
    // Every attempt of a lost session is either its return or a refusal.
    expect(Math.round((recovery.attemptsPerRecovered?.mean ?? 0) * devices)).toBe(devices + refused);
    expect(refused).toBe(refusedByService);
  });

  it('the first retry spread over N / C: T100 = N / C, one attempt each', async () => {
    const [devices, perSec] = [500, 125];
    const policy = `{ first: { uniform: ${devices / perSec}s }, growth: exponential, base: 1s, cap: 60s, jitter: full }`;
    const { recovery } = await recovered({ devices, perSec, saved: perSec, policy });
    expect(recovery).toMatchObject({ lost: devices, recovered: devices });
    within10Percent(recovery.t100Sec, devices / perSec);
    within10Percent(recovery.attemptsPerRecovered?.mean, 1);
    expect(recovery.peakAttemptsPerSec).toBeLessThan(perSec * 1.4);
  });
});
