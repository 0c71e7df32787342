import { createServer, type Server } from 'node:net';
import { hrtime } from 'node:process';
import type { MqttClientName } from '../link/port.ts';
import { NO_DUPLICATES } from '../plan/duplicates.ts';
import { DEFAULT_POLICY } from '../plan/presets.ts';
import { US_PER_SEC } from '../time/units.ts';
import { playShard } from './play-shard.ts';
import type { FleetShard, ShardPlan } from './protocol.ts';
import { prepareFleet } from './worker-fleet.ts';

/** Devices of the warm-up; each logs in, is closed on, and logs in once more. */
const DEVICES = 500;
const RATE_PER_SEC = 4_000;
const HOST = '127.0.0.1';
const CONNACK = Buffer.from([0x20, 0x02, 0x00, 0x00]);

/**
 * Plays a small run of its own in this thread, against a server of its own that closes each connection after its CONNACK. Without it the
 * first logins of a run measure how JavaScript is compiled: of 3,000 at 1,000 a second, the p99 of `tcp` was 0.6 ms instead of 0.37, the
 * p90 of all 0.4 instead of 0.33. It takes a quarter of a second; twice as many logins gain nothing more.
 */
export async function warmUp(client: MqttClientName): Promise<void> {
  const server = await listening();
  try {
    const plan = planFor(client, portOf(server));
    const prepared = await Promise.all(plan.fleets.map((shard) => prepareFleet(shard, plan)));
    await playShard({ plan, prepared, epochNs: hrtime.bigint(), inbox: { onStop: undefined }, post: ignore });
  } finally {
    server.close();
  }
}

async function listening(): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.once('data', () => socket.end(CONNACK));
    // A client that resets is as gone as one that closes.
    socket.on('error', ignore);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, HOST, resolve);
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server of the warm-up has no port');
  return address.port;
}

function planFor(client: MqttClientName, port: number): ShardPlan {
  return {
    worker: 0,
    seed: 0,
    durationUs: (DEVICES / RATE_PER_SEC) * US_PER_SEC,
    client,
    access: { authConnections: 'own', followsResources: false, allowedHosts: [] },
    fleets: [fleetFor(port)],
    eventStartUs: [],
    drops: [],
    lossWindows: [],
    environment: {},
  };
}

function fleetFor(port: number): FleetShard {
  return {
    name: 'w',
    productKey: 'warm-up',
    devices: { kind: 'generated' },
    count: DEVICES,
    share: { first: 0, step: 1 },
    faults: { wrongSecretCount: 0, unknownDeviceCount: 0 },
    auth: { mode: 'direct', signmethod: 'hmacsha1', timestamp: 'now' },
    transport: 'tcp',
    endpoint: { host: HOST, port },
    connect: { arrival: 'rate', ratePerSec: RATE_PER_SEC },
    connectTimeoutUs: US_PER_SEC,
    keepaliveSec: 60,
    clean: true,
    // Once more, at once.
    policy: { ...DEFAULT_POLICY, first: { kind: 'none' }, resetAfterUs: 3_600 * US_PER_SEC, maxAttempts: 1 },
    duplicates: NO_DUPLICATES,
  };
}

function ignore(): void {
  // Nobody asks how a warm-up went.
}
