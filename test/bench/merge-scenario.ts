import { NO_DUPLICATES } from '../../src/plan/duplicates.ts';
import { NO_FLAWS } from '../../src/plan/flaws.ts';
import { DEFAULT_POLICY } from '../../src/plan/reconnect-presets.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { US_PER_SEC } from '../../src/time/units.ts';

/** So many sessions that log in evenly over so many seconds. */
export function scenarioOf(sessions: number, seconds: number): Scenario {
  return {
    version: 1,
    name: 'merge',
    seed: 1,
    durationUs: seconds * US_PER_SEC,
    target: {
      kind: 'mqtt',
      transport: 'tcp',
      addresses: [{ host: '10.0.0.1', port: 1_883 }],
      spread: 'by-device',
      tls: { verify: true, minVersion: 'TLSv1.2', sessionResumption: false },
      authConnections: 'own',
      followsResources: true,
    },
    workers: 'auto',
    client: 'lean',
    sources: 'auto',
    fleets: [
      {
        name: 'meters',
        productKey: 'a1Meters',
        devices: { kind: 'generated', count: sessions },
        auth: { mode: 'direct', signmethod: 'hmacsha256', timestamp: 'now' },
        connect: { arrival: 'ramp', overUs: seconds * US_PER_SEC },
        connection: { connectTimeoutUs: 10 * US_PER_SEC, keepaliveSec: 300, clean: true },
        flaws: NO_FLAWS,
        reconnect: { name: 'default', policy: DEFAULT_POLICY },
        duplicates: NO_DUPLICATES,
      },
    ],
    thresholds: [],
    events: [],
    noticeShare: 0.1,
  };
}
