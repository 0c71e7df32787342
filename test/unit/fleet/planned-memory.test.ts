import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fleet } from '../../../src/device/fleet.ts';
import type { FleetShard, ShardPlan } from '../../../src/fleet/protocol.ts';
import { WHOLE_FLEET } from '../../../src/plan/split.ts';
import { US_PER_SEC } from '../../../src/time/units.ts';
import { plainFleet } from '../../fixtures/plain-fleet.ts';

/** What a session costs that is planned and has not connected yet, in a worker that runs. */

const SESSIONS = 25_000;
const MAX_BYTES = 1_024;
const HOUR_US = 3_600 * US_PER_SEC;
const PROGRAM = fileURLToPath(new URL('../../fixtures/workers/planned-memory.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-memory-'));
const path = join(folder, 'devices.csv');
afterAll(() => rmSync(folder, { recursive: true }));

/** Nobody arrives in the first hour. */
function planOf(devices: Fleet['devices']): ShardPlan {
  const fleet = plainFleet({
    devices,
    connect: {
      arrival: 'stages',
      stages: [
        { targetSessions: 0, overUs: HOUR_US },
        { targetSessions: SESSIONS, overUs: HOUR_US },
      ],
    },
  });
  const shard: FleetShard = {
    fleet,
    share: WHOLE_FLEET,
    transport: 'tcp',
    endpoints: [{ host: '127.0.0.1', port: 1883 }],
    spread: 'by-device',
    devicesBefore: 0,
  };
  return {
    worker: 0,
    seed: 1,
    durationUs: 3 * HOUR_US,
    client: 'lean',
    fleets: [shard],
    access: { authConnections: 'own', followsResources: false, allowedHosts: [] },
    events: [],
    drops: [],
    lossSpans: [],
    environment: {},
  };
}

describe(`one of ${SESSIONS} planned sessions`, () => {
  it.each<Fleet['devices']>([
    { kind: 'generated', count: SESSIONS },
    { kind: 'csv', path, count: SESSIONS },
  ])('takes less than 1 KiB before it connects: devices $kind', (devices) => {
    const rows = Array.from({ length: SESSIONS }, (_, index) => `meter-${index},${'0123456789abcdef'.repeat(2)}`);
    writeFileSync(path, ['deviceName,deviceSecret', ...rows, ''].join('\n'));
    const words = execFileSync(process.execPath, ['--expose-gc', PROGRAM, JSON.stringify(planOf(devices))]);
    const bytes = Number(words);
    expect(bytes, `${bytes} bytes a session`).toBeLessThan(MAX_BYTES);
    // The instant of its arrival alone takes 8; garbage that was collected in between takes one or two off again.
    expect(bytes, `${bytes} bytes a session`).toBeGreaterThan(4);
  });
});
