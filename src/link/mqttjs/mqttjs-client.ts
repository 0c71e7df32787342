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

/** MQTT.js arms its own CONNACK timer, and cannot be told not to; the link's deadline rules, so this one is put out of reach (24 days). */
const NEVER_MS = 2 ** 31 - 1;

/** The keepalive of MQTT.js is never called: it counts from what the service sent last, and not from what it was sent. */
const NO_TIMER = { set: (): number => 1, clear: ignore };

/** MQTT.js on a socket that is open already: it is built only now, so that CONNECT leaves in the tick in which TCP is there. */
export class MqttJsClient extends MqttClient implements LinkClient, KeepaliveOwner {
  readonly #socket: Socket;
  readonly #events: ClientEvents;
  readonly #keepalive: Keepalive;
  #connackLeft = CONNACK_LENGTH;
  #isOver = false;
  /** Made for a session that reads more than CONNACK and PINGRESP. */
  #frames: ServiceFrames | undefined;
  /** Made for a session that publishes or subscribes. */
  #requests: OpenRequests | undefined;
  /** Made for a session that is sent messages of QoS 1 or 2. */
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
    // Errors of the socket come here too, but the link has seen them first and ignores what follows.
    this.on('error', (error) => events.onProtocolError(error.message));
  }

  disconnect(): void {
    // It would wait for the answers to all requests before it leaves.
    for (const id of this.#requests?.ids ?? []) this.removeOutgoingMessage(id);
    // Before it has processed CONNACK, MQTT.js would queue the DISCONNECT and leave the socket open.
    if (this.connected) this.end();
    else this.#socket.destroy();
  }

  /** MQTT.js reads from the stream itself; this sees each piece first, and what must not come before anybody waits for it or keeps it. */
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

  /** Before MQTT.js acts on a packet: what the service must not send ends the session. */
  #check(packet: Packet): void {
    const violation = packetViolation(packet) ?? (this.#isOver ? undefined : this.#requests?.take(packet));
    if (violation !== undefined) this.#events.onProtocolError(violation);
    if (packet.cmd === 'pingresp') this.#keepalive.answered();
    else if (isToBeAnswered(packet) && !this.#isOver) this.#watchAnswers();
    if (packet.messageId === undefined || packet.messageId > 0) return;
    // MQTT.js would answer all the same, and throw while writing the -1 that stands for a missing identifier: with a number in its
    // place the answer goes nowhere, as the socket is closed by now.
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

/** MQTT.js answers these by itself. */
function isToBeAnswered(packet: Packet): boolean {
  return (packet.cmd === 'publish' && packet.qos > 0) || packet.cmd === 'pubrel';
}

/**
 * A new object each time: MQTT.js writes into it, and two connections that share one share a client id. Its fields are always the same
 * ones, in the same order, so that MQTT.js reads it by its shape.
 */
function clientOptions(options: LinkOptions): IClientOptions {
  const { clientId, username, password, connection } = options;
  const result: IClientOptions = {
    protocolVersion: 4,
    clientId,
    keepalive: connection.keepaliveSec,
    clean: connection.clean,
    // Reconnecting is the session's business alone.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: NEVER_MS,
    // Else every client builds a logger that asks the terminal for its colours.
    log: ignore,
    // Else the first CONNECT of a worker waits for a table of 65,536 buffers to be made.
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
