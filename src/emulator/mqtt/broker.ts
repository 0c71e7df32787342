import { Aedes, type Client, type Subscription } from 'aedes';
import { writeToStream } from 'mqtt-packet';
import type { Profile } from '../contract/profiles.ts';
import type { AcceptedLogin as DeviceLogin } from '../login/login.ts';
import type { Counts } from '../service-counts.ts';
import type { Connection } from './connection.ts';
import { FrameGuard } from './frame-guard.ts';
import { OwnTopics } from './own-topics.ts';
import { handleInOrder } from './packet-order.ts';
import { sessionRules } from './rules.ts';
import { SubscriptionLimit } from './subscription-limit.ts';

/** Bytes of a PUBLISH besides its payload: the topic with its length, and the packet identifier. */
const PUBLISH_HEAD_BYTES = 2 + 65_535 + 2;

/** Errors with which aedes ends a connection for reasons other than what the client sent. */
const NOT_CAUSED_BY_CLIENT = new Set(['keep alive timeout', 'drain timeout', 'connection closed']);

/**
 * Longest client id that a CONNECT of MQTT 3.1 may have. The standard says 23 characters, too few for any signed login; the gate limits the
 * bare client id to the profile's length, and aedes sees the device's identity instead.
 */
const MAX_CLIENT_ID_LENGTH = 65_535;

// Otherwise the first answer waits for a table of 65,536 buffers to be built, 10 MB that make no later one faster.
writeToStream.cacheNumbers = false;

/** A connection whose login was accepted, on its way to its CONNACK. */
interface AcceptedLogin {
  readonly connection: Connection;
  readonly identity: string;
  readonly topics: OwnTopics | undefined;
}

/** Parts of aedes that its types leave out. */
interface AedesInternals {
  unregisterClient(client: Client): void;
  readonly persistence: {
    outgoingStream(client: Client): Iterable<unknown> | AsyncIterable<unknown>;
    addSubscriptions(client: Client, subscriptions: readonly Subscription[]): Promise<unknown>;
  };
}

/** The MQTT 3.1 and 3.1.1 side of the emulator: sessions, topics and messages of devices whose login has been accepted. */
export class Broker {
  readonly #profile: Profile;
  readonly #aedes: Aedes;
  readonly #logins: WeakMap<Client, AcceptedLogin>;

  private constructor(profile: Profile, aedes: Aedes, logins: WeakMap<Client, AcceptedLogin>) {
    this.#profile = profile;
    this.#aedes = aedes;
    this.#logins = logins;
  }

  /** Starts a broker that follows the profile's rules. */
  static async start(profile: Profile, counts: Counts): Promise<Broker> {
    const limit = new SubscriptionLimit(profile.maxSubscriptions);
    const logins = new WeakMap<Client, AcceptedLogin>();
    const granted = new WeakSet<Subscription>();
    const topicsOf = (client: Client): OwnTopics | undefined => logins.get(client)?.topics;
    const rules = sessionRules(profile, { limit, counts, topicsOf, granted });
    const aedes = new Aedes({ ...rules, maxClientsIdLength: MAX_CLIENT_ID_LENGTH });
    aedes.on('unsubscribe', (filters, client) => limit.release(client, filters));
    const broker = new Broker(profile, aedes, logins);
    broker.#listen();
    await aedes.listen();
    spareEmptyQueues(internalsOf(aedes));
    keepGranted(internalsOf(aedes), granted);
    return broker;
  }

  /** Takes an accepted connection; it is online once aedes has written CONNACK 0. */
  handOver(connection: Connection, { identity, device }: Pick<DeviceLogin, 'identity' | 'device'>): void {
    const client = this.#aedes.handle(connection.socket);
    handleInOrder(client, connection.socket);
    const topics = this.#profile.ownTopicsOnly ? new OwnTopics(device) : undefined;
    this.#logins.set(client, { connection, identity, topics });
    connection.handedOver(client);
    const guard = new FrameGuard(this.#profile.maxPublishBytes + PUBLISH_HEAD_BYTES);
    // As aedes listens for 'readable', 'data' only shows what it reads and takes nothing away.
    connection.socket.on('data', (chunk: Buffer) => {
      if (!guard.allows(chunk)) connection.socket.destroy(new Error('packet larger than allowed'));
    });
  }

  /** Closes all sessions. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
  }

  #listen(): void {
    this.#aedes.preConnect = (client, packet, done) => {
      const login = this.#logins.get(client);
      // aedes keeps sessions by client id, but they belong to the device, so it gets the device's identity instead.
      if (login !== undefined) packet.clientId = login.identity;
      if (!this.#profile.keepsWills) delete packet.will;
      done(null, login !== undefined);
    };
    this.#aedes.on('connackSent', (connack, client) => {
      if (connack.returnCode === 0) this.#logins.get(client)?.connection.accepted();
    });
    this.#aedes.on('client', (client) => {
      // aedes registers a client even if its socket closed while waiting for the persistence, and then never forgets it.
      if (client.closed) internalsOf(this.#aedes).unregisterClient(client);
    });
    const countProtocolError = (client: Client, error: Error & { code?: unknown }): void => {
      const isCausedByClient = error.code === undefined && !NOT_CAUSED_BY_CLIENT.has(error.message);
      if (isCausedByClient) this.#logins.get(client)?.connection.closeForProtocolError();
    };
    this.#aedes.on('clientError', countProtocolError);
    this.#aedes.on('connectionError', countProtocolError);
  }
}

function internalsOf(aedes: Aedes): AedesInternals {
  return aedes as unknown as AedesInternals;
}

/**
 * At each login aedes makes a stream of the client's queued messages, even if there are none: a quarter of the cost of a login. A clean
 * session starts with none [MQTT-3.1.2-6], and any iterable will do for its stream.
 */
function spareEmptyQueues({ persistence }: AedesInternals): void {
  const waiting = persistence.outgoingStream.bind(persistence);
  persistence.outgoingStream = (client) => (client.clean ? [] : waiting(client));
}

/**
 * With each granted subscription aedes stores its whole SUBSCRIBE, including refused and malformed ones; a malformed one would end every
 * later login that restores the session. So only granted ones are kept.
 */
function keepGranted({ persistence }: AedesInternals, granted: WeakSet<Subscription>): void {
  const add = persistence.addSubscriptions.bind(persistence);
  persistence.addSubscriptions = (client, subscriptions) =>
    add(
      client,
      subscriptions.filter((subscription) => granted.has(subscription)),
    );
}
