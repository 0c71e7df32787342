import { createServer, type Server, type Socket } from 'node:net';
import { hrtime } from 'node:process';
import type { Fleet } from '../device/fleet.ts';
import { NO_DUPLICATES } from '../plan/duplicates.ts';
import { NO_FLAWS } from '../plan/flaws.ts';
import type { ReconnectPolicy } from '../plan/ladder.ts';
import { shareSize } from '../plan/split.ts';
import { US_PER_SEC } from '../time/units.ts';
import type { RunInbox } from './inbox.ts';
import { playShard } from './play-shard.ts';
import type { ShardPlan } from './protocol.ts';
import { prepareFleet } from './worker-fleet.ts';

/** A part of the warm-up: so many devices log in, and once more when the server closes on them. */
interface Part {
  readonly devices: number;
  /** Connections that the server holds before it closes the oldest one. */
  readonly held: number;
}

/** A few are enough to be what a run has, and no run lacks the descriptors. */
const HELD = 20;
/** V8 takes for certain what it has seen but once, such as which fleet calls: the run itself must not be the second. */
const FIRST_PARTS: readonly Part[] = [
  { devices: 200, held: 0 },
  { devices: 100, held: HELD },
];
/** Devices of the last part for each session of the run, at least and at most. */
const DEVICES_PER_SESSION = 2;
const FEWEST_DEVICES = 100;
const MOST_DEVICES = 1_500;
/** Each comes twice. */
const RATE_PER_SEC = 3_000;
/** A thread that is slower than the rate is not cut short, but not waited for without end. */
const MAX_PART_US = 2 * US_PER_SEC;
/** Fleets of the run that are played at most: more add no shapes. */
const FLEETS = 4;
const HOST = '127.0.0.1';
const CONNACK = Buffer.from([0x20, 0x02, 0x00, 0x00]);

/**
 * Plays the run in small in this thread, against a server of its own, until V8 has compiled what each login runs through: what it compiles
 * during the run holds up attempts under way, as it needs a core, and on a busy machine the attempt's. Of 3,000 logins at 1,000 a second by
 * MQTT.js the p99 of service came down from 1.5 ms to 0.8. Takes half a second to a second, a quarter before small runs.
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
    await playShard({ plan, prepared, epochNs: hrtime.bigint(), inbox, post: ignore });
  } finally {
    server.close();
  }
}

/** `onDone`: the last login that is due has been answered. */
async function listening({ devices, held }: Part, onDone: () => void): Promise<Server> {
  // Of those held at the end, none may have come twice.
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
    // Room for all that a slow thread has not answered yet: a SYN that finds none comes again only after a second.
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
 * The plan of the run itself, made small and turned to another server. As V8 compiles for the hidden classes that it has seen, the warm-up's
 * objects must come about as the run's did: with the same keys in the same order, and out of a structured clone.
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
      share: { first: 0, step: 1 },
      transport: 'tcp',
      endpoint: { ...shard.endpoint, host: HOST, port },
    })),
    eventStartUs: [],
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
  // Nobody asks how a warm-up went.
}
