import type { Socket } from 'node:net';
import { type IClientOptions, MqttClient, type Packet } from 'mqtt';
import type { Clock } from '../../time/clock.ts';
import type { TimerWheel } from '../../time/wheel.ts';
import type { ClientEvents, LinkClient } from '../life/mqtt-client.ts';
import { AnswerBacklog, UNREAD_ANSWERS } from '../mqtt/answer-backlog.ts';
import type { ApplicationMessage, MessageListener, TopicFilter } from '../mqtt/application-messages.ts';
import { CONNACK_LENGTH } from '../mqtt/connack.ts';
import { Keepalive, type KeepaliveOwner } from '../mqtt/keepalive.ts';
import { OpenRequests } from '../mqtt/open-requests.ts';
import { isPingresp, ServiceFrames } from '../mqtt/service-frames.ts';
import { packetViolation } from '../mqtt/service-packets.ts';
import type { LinkOptions } from '../port.ts';
import { PacketIds } from './mqttjs-packet-ids.ts';
import { FlightStore } from './mqttjs-store.ts';

/** MQTT.js always arms its own CONNACK timer; the link's deadline applies instead, so this one is put out of reach (24 days). */
const NEVER_MS = 2 ** 31 - 1;

/** MQTT.js's own keepalive is disabled: it counts from the last packet received, not the last one sent. */
const NO_TIMER = { set: (): number => 1, clear: ignore };

/** MQTT.js on an open socket: created only then, so that CONNECT leaves in the tick in which TCP is connected. */
export class MqttJsClient extends MqttClient implements LinkClient, KeepaliveOwner {
  readonly #socket: Socket;
  readonly #events: ClientEvents;
  readonly #keepalive: Keepalive;
  #connackLeft = CONNACK_LENGTH;
  #isOver = false;
  /** Created for a session that reads more than CONNACK and PINGRESP. */
  #frames: ServiceFrames | undefined;
  /** Created for a session that publishes or subscribes. */
  #requests: OpenRequests | undefined;
  /** Created for a session that receives messages of QoS 1 or 2. */
  #backlog: AnswerBacklog | undefined;

  constructor(socket: Socket, options: LinkOptions, events: ClientEvents, clock: Clock, wheel: TimerWheel) {
    super(() => socket, clientOptions(options));
    this.#socket = socket;
    this.#events = events;
    this.#keepalive = new Keepalive(options.connection, clock, wheel, this);
    this.on('packetsend', () => this.#keepalive.sent());
    this.on('connect', () => {
      if (!this.#isOver) this.#keepalive.start();
      events.onConnected();
    });
    this.on('packetreceive', (packet) => this.#check(packet));
    // Socket errors arrive here too, but the link has already seen them and ignores these.
    this.on('error', (error) => events.onProtocolError(error.message));
  }

  disconnect(): void {
    // Otherwise MQTT.js would wait for the answers to all requests before it disconnects.
    for (const id of this.#requests?.ids ?? []) this.removeOutgoingMessage(id);
    // Before it has processed CONNACK, MQTT.js would queue the DISCONNECT and leave the socket open.
    if (this.connected) this.end();
    else this.#socket.destroy();
  }

  /**
   * MQTT.js reads from the stream itself; this sees each piece first, so that violations are reported before anything is awaited or
   * stored.
   */
  onBytes(piece: Buffer): void {
    const rest = piece.subarray(this.#connackLeft);
    this.#connackLeft -= piece.length - rest.length;
    if (rest.length === 0 || this.#isOver || (this.#frames === undefined && isPingresp(rest))) return;
    this.#frames ??= new ServiceFrames();
    const violation = this.#frames.violationIn(rest);
    if (violation !== undefined) this.#events.onProtocolError(violation);
  }

  stop(): void {
    this.#isOver = true;
    this.#keepalive.stop();
  }

  sendPublish({ topic, payload, qos }: ApplicationMessage, listener: MessageListener): number | undefined {
    const requests = this.#readyRequests(listener);
    if (requests === undefined) return undefined;
    this.publish(topic, payload, { qos });
    if (qos === 0) return 0;
    requests.published(requests.lastId);
    return requests.lastId;
  }

  sendSubscribe(filters: readonly TopicFilter[], listener: MessageListener): number | undefined {
    const requests = this.#readyRequests(listener);
    if (requests === undefined) return undefined;
    this.subscribe(Object.fromEntries(filters.map(({ topic, qos }) => [topic, { qos }])));
    requests.subscribed(requests.lastId, filters.length);
    return requests.lastId;
  }

  /** Undefined when nothing can be sent: the session is not online, or no packet identifier is left. */
  #readyRequests(listener: MessageListener): OpenRequests | undefined {
    if (!this.connected || this.#isOver) return undefined;
    if (this.#requests === undefined) {
      this.#requests = new OpenRequests(listener);
      this.messageIdProvider = new PacketIds(this.#requests);
    }
    return this.#requests.isFull ? undefined : this.#requests;
  }

  /** Checks each packet before MQTT.js acts on it: a violation ends the session. */
  #check(packet: Packet): void {
    const violation = packetViolation(packet) ?? (this.#isOver ? undefined : this.#requests?.take(packet));
    if (violation !== undefined) this.#events.onProtocolError(violation);
    if (packet.cmd === 'pingresp') this.#keepalive.answered();
    else if (isToBeAnswered(packet) && !this.#isOver) this.#watchAnswers();
    if (packet.messageId === undefined || packet.messageId > 0) return;
    // MQTT.js would answer anyway, and throw when writing the -1 of a missing identifier; with a valid number the answer goes nowhere,
    // because the socket is already closed.
    packet.messageId = 1;
  }

  #watchAnswers(): void {
    this.#backlog ??= new AnswerBacklog(this.#socket);
    if (this.#backlog.isTooLong()) this.#events.onProtocolError(UNREAD_ANSWERS);
  }

  silence(): void {
    this.#keepalive.stop();
  }

  override onKeepaliveTimeout(): void {
    this.#events.onKeepaliveTimeout();
  }
}

/** True for packets that MQTT.js answers by itself. */
function isToBeAnswered(packet: Packet): boolean {
  return (packet.cmd === 'publish' && packet.qos > 0) || packet.cmd === 'pubrel';
}

/**
 * A new object each time: MQTT.js writes to it, and connections that share one would share a client id. The fields and their order never
 * vary, so that V8 keeps one hidden class.
 */
function clientOptions(options: LinkOptions): IClientOptions {
  const { clientId, username, password, connection } = options;
  const result: IClientOptions = {
    protocolVersion: 4,
    clientId,
    keepalive: connection.keepaliveSec,
    clean: connection.clean,
    // Only the session reconnects.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: NEVER_MS,
    // Otherwise every client creates a logger that queries the terminal's colours.
    log: ignore,
    // Otherwise the first CONNECT of a worker waits for a table of 65,536 buffers to be built.
    writeCache: false,
    timerVariant: NO_TIMER,
    outgoingStore: new FlightStore(),
    incomingStore: new FlightStore(),
  };
  if (username !== undefined) result.username = username;
  if (password !== undefined) result.password = password;
  return result;
}

function ignore(): void {
  // MQTT.js insists on a logger, and on a timer.
}
