import { createServer, type Server, type Socket } from 'node:net';
import { hrtime } from 'node:process';
import type { Fleet } from '../device/fleet.ts';
import { NO_DUPLICATES } from '../plan/duplicates.ts';
import { NO_FLAWS } from '../plan/flaws.ts';
import type { ReconnectPolicy } from '../plan/ladder.ts';
import { shareSize, WHOLE_FLEET } from '../plan/split.ts';
import { US_PER_SEC } from '../time/units.ts';
import type { RunInbox } from './inbox.ts';
import { linkModules } from './link-modules.ts';
import { playShard } from './play-shard.ts';
import type { ShardPlan } from './protocol.ts';
import { prepareFleet } from './worker-fleet.ts';

/** A part of the warm-up: `devices` devices log in, and once more when the server closes their connections. */
interface Part {
  readonly devices: number;
  /** Connections that the server holds before it closes the oldest one. */
  readonly held: number;
}

/** Enough to resemble a run, and few enough descriptors for any machine. */
const HELD = 20;
/** V8 optimises for whatever it has seen only once, such as the calling fleet; the run itself must not be the second thing it sees. */
const FIRST_PARTS: readonly Part[] = [
  { devices: 200, held: 0 },
  { devices: 100, held: HELD },
];
/** Devices of the last part per session of the run, within these bounds. */
const DEVICES_PER_SESSION = 2;
const FEWEST_DEVICES = 100;
const MOST_DEVICES = 1_500;
/** Each comes twice. */
const RATE_PER_SEC = 3_000;
/** A thread slower than the rate may take longer, up to this limit. */
const MAX_PART_US = 2 * US_PER_SEC;
/** Most fleets of the run that are played: more would add no new object shapes. */
const FLEETS = 4;
const HOST = '127.0.0.1';
const CONNACK = Buffer.from([0x20, 0x02, 0x00, 0x00]);

/**
 * Plays a small version of the run in this thread, against a server of its own, until V8 has compiled the code of a login. Code compiled
 * during the run delays attempts under way, because the compiler competes with them for a core. With MQTT.js, 3,000 logins at 1,000 per
 * second, this lowered the p99 of service from 1.5 ms to 0.8 ms. Takes half a second to a second, a quarter of a second before small runs.
 */
export async function warmUp(run: ShardPlan): Promise<void> {
  for (const part of FIRST_PARTS) await play(run, part);
  const sessions = run.fleets.reduce((sum, { fleet, share }) => sum + shareSize(share, fleet.devices.count), 0);
  const devices = Math.min(MOST_DEVICES, Math.max(FEWEST_DEVICES, sessions * DEVICES_PER_SESSION));
  await play(run, { devices, held: HELD });
}

async function play(run: ShardPlan, part: Part): Promise<void> {
  const inbox: RunInbox = { onStop: undefined, onAbandoned: undefined, onEvent: undefined };
  const server = await listening(part, () => inbox.onStop?.());
  try {
    const plan = warmUpPlan(run, part, portOf(server));
    const prepared = await Promise.all(plan.fleets.map((shard) => prepareFleet(shard, plan)));
    const modules = await linkModules(plan);
    await playShard({ plan, prepared, modules, epochNs: hrtime.bigint(), inbox, post: ignore });
  } finally {
    server.close();
  }
}

/** `onDone`: the last login that is due has been answered. */
async function listening({ devices, held }: Part, onDone: () => void): Promise<Server> {
  // Devices still held at the end have logged in only once.
  let left = 2 * devices - held;
  const sockets: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    socket.once('data', () => {
      socket.write(CONNACK);
      if (sockets.push(socket) > held) sockets.shift()?.end();
      if (--left === 0) setImmediate(onDone);
    });
    // A client that resets is as gone as one that closes.
    socket.on('error', ignore);
  });
  await new Promise<void>((resolve, reject) => {
    // Room for everything a slow thread has not accepted yet: a dropped SYN is retried only after a second.
    server.once('error', reject).listen({ port: 0, host: HOST, backlog: MOST_DEVICES }, resolve);
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server of the warm-up has no port');
  return address.port;
}

/**
 * The plan of the run itself, scaled down and aimed at another server. V8 compiles for the hidden classes it has seen, so the warm-up's
 * objects must be created the way the run's are: same keys in the same order, from a structured clone.
 */
function warmUpPlan(plan: ShardPlan, { devices }: Part, port: number): ShardPlan {
  const fleets = plan.fleets.slice(0, FLEETS);
  return structuredClone({
    ...plan,
    durationUs: MAX_PART_US,
    // Nothing of the warm-up goes to the service: no login by HTTPS, no TLS.
    access: { ...plan.access, tls: undefined, auth: undefined },
    fleets: fleets.map((shard) => ({
      ...shard,
      fleet: warmUpFleet(shard.fleet, Math.ceil(devices / fleets.length), RATE_PER_SEC / fleets.length),
      share: WHOLE_FLEET,
      transport: 'tcp',
      endpoints: shard.endpoints.map((endpoint) => ({ ...endpoint, host: HOST, port })),
    })),
    events: [],
    drops: [],
    lossSpans: [],
    keepsAttempts: false,
  });
}

function warmUpFleet(fleet: Fleet, count: number, ratePerSec: number): Fleet {
  const { auth, connection, reconnect } = fleet;
  return {
    ...fleet,
    productKey: 'warm-up',
    devices: { kind: 'generated', count },
    flaws: NO_FLAWS,
    auth: auth.mode === 'direct' ? auth : { mode: 'direct', signmethod: 'hmacsha1', timestamp: 'now' },
    connect: { arrival: 'rate', ratePerSec },
    connection: { ...connection, connectTimeoutUs: US_PER_SEC },
    onConnect: undefined,
    reconnect: { ...reconnect, policy: onceMore(reconnect.policy) },
    duplicates: NO_DUPLICATES,
  };
}

/** One retry, at once. */
function onceMore(policy: ReconnectPolicy): ReconnectPolicy {
  return { ...policy, first: { kind: 'none' }, resetAfterUs: 3_600 * US_PER_SEC, maxAttempts: 1 };
}

function ignore(): void {
  // The outcome of the warm-up does not matter.
}
