import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FleetShard, ShardPlan } from '../../src/fleet/protocol.ts';
import { warmUp } from '../../src/fleet/worker-warm-up.ts';
import type { MqttClientName } from '../../src/link/port.ts';
import { WHOLE_FLEET } from '../../src/plan/split.ts';
import { eventId } from '../../src/plan/timetable.ts';
import { US_PER_SEC } from '../../src/time/units.ts';
import { plainFleet } from '../fixtures/plain-fleet.ts';

/** A worker warms up before its run, and the service must not notice. */

let service: Server;
let connections: number;

beforeEach(async () => {
  connections = 0;
  service = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    service.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(() => new Promise((resolve) => service.close(resolve)));

function planFor(client: MqttClientName, count: number): ShardPlan {
  const address = service.address();
  const port = address !== null && typeof address === 'object' ? address.port : expect.fail('no port');
  const endpoint = { host: '127.0.0.1', port };
  const common = {
    devices: { kind: 'generated', count },
    connection: { connectTimeoutUs: US_PER_SEC, keepaliveSec: 60, clean: true },
    flaws: { wrongSecretCount: 1, unknownDeviceCount: 1 },
  } as const;
  const tokens = plainFleet({
    ...common,
    name: 'tokens',
    auth: { mode: 'https-token', signmethod: 'hmacsha256', timestamp: 'now', resources: [], login: 'on-refusal' },
    duplicates: { deviceCount: 2, copies: 2, laterUs: 5 },
  });
  const passwords = plainFleet({
    ...common,
    name: 'passwords',
    auth: { mode: 'password', clientId: `\${NOT_SET}` },
    onConnect: { subscribe: [{ topic: 'a', qos: 1 }], publish: [] },
  });
  const place = { share: WHOLE_FLEET, endpoints: [endpoint], spread: 'by-device', devicesBefore: 0 } as const;
  const fleets: FleetShard[] = [
    { fleet: tokens, ...place, transport: 'tls' },
    { fleet: passwords, ...place, transport: 'tcp' },
  ];
  return {
    worker: 0,
    seed: 1,
    durationUs: 3_600 * US_PER_SEC,
    client,
    fleets,
    sources: { addresses: ['127.0.0.1', '127.0.0.2'], firstPort: 40_000, lastPort: 60_000, step: 1 },
    access: {
      auth: { host: '127.0.0.1', port, path: '/auth/devicename', isSecure: false },
      authConnections: 'own',
      followsResources: true,
      allowedHosts: [],
    },
    events: [{ event: eventId(0), atUs: 0 }],
    drops: [],
    lossSpans: [],
    environment: {},
  };
}

it.each<[MqttClientName, number]>([
  ['mqttjs', 5],
  ['lean', 1],
  ['lean', 5],
  ['lean', 500],
])('%s: is over when all have logged in, %i devices a fleet, none of them to the service', async (client, count) => {
  // One that waited would take its three times 2 s whenever it is asked; one that other work held up is faster at another time.
  let leastMs = Number.POSITIVE_INFINITY;
  for (let asked = 0; asked < 5 && leastMs >= 6_000; asked++) {
    const startMs = performance.now();
    await warmUp(planFor(client, count));
    leastMs = Math.min(leastMs, performance.now() - startMs);
  }
  expect(leastMs).toBeLessThan(6_000);
  expect(connections).toBe(0);
});
