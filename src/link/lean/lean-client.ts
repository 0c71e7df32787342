import type { Socket } from 'node:net';
import { nextTick } from 'node:process';
import { generate, type Packet, writeToStream } from 'mqtt-packet';
import type { Clock } from '../../time/clock.ts';
import type { TimerWheel } from '../../time/wheel.ts';
import type { ClientEvents, LinkClient } from '../life/mqtt-client.ts';
import { AnswerBacklog, UNREAD_ANSWERS } from '../mqtt/answer-backlog.ts';
import type { ApplicationMessage, MessageListener, TopicFilter } from '../mqtt/application-messages.ts';
import { CONNACK_LENGTH } from '../mqtt/connack.ts';
import { Keepalive, type KeepaliveOwner } from '../mqtt/keepalive.ts';
import type { OpenRequests } from '../mqtt/open-requests.ts';
import { isPingresp } from '../mqtt/service-frames.ts';
import type { LinkOptions } from '../port.ts';
import { writeConnect } from './connect-writer.ts';
import { Conversation, type ConversationEvents } from './conversation.ts';

// Otherwise the first packet of a thread waits for a table of 65,536 buffers to be built.
writeToStream.cacheNumbers = false;
const PINGREQ = generate({ cmd: 'pingreq' });
const DISCONNECT = generate({ cmd: 'disconnect' });

/**
 * MQTT 3.1.1 for a session that logs in and stays: CONNECT, keepalive, PUBLISH and SUBSCRIBE of QoS 0 and 1, answers to what the service
 * publishes, DISCONNECT. Packets are written and read by mqtt-packet; the objects for that are created only for a session that does more
 * than log in and ping.
 */
export class LeanClient implements LinkClient, ConversationEvents, KeepaliveOwner {
  readonly #socket: Socket;
  readonly #events: ClientEvents;
  readonly #keepalive: Keepalive;
  #connackLeft = CONNACK_LENGTH;
  #isOver = false;
  #conversation: Conversation | undefined;
  /** Created for a session that receives messages of QoS 1 or 2. */
  #backlog: AnswerBacklog | undefined;

  constructor(socket: Socket, options: LinkOptions, events: ClientEvents, clock: Clock, wheel: TimerWheel) {
    this.#socket = socket;
    this.#events = events;
    socket.write(writeConnect(options));
    this.#keepalive = new Keepalive(options.connection, clock, wheel, this);
  }

  onBytes(piece: Buffer): void {
    let rest = piece;
    if (this.#connackLeft > 0) {
      // The link reads CONNACK itself.
      rest = piece.subarray(this.#connackLeft);
      this.#connackLeft -= piece.length - rest.length;
      if (this.#connackLeft > 0) return;
      this.#keepalive.start();
      this.#events.onConnected();
    }
    if (rest.length > 0 && !this.#isOver) this.#read(rest);
  }

  sendPublish(message: ApplicationMessage, listener: MessageListener): number | undefined {
    const requests = this.#requests(listener);
    if (requests === undefined) return undefined;
    const { topic, payload, qos } = message;
    const messageId = qos === 0 ? 0 : requests.nextId();
    this.#send({ cmd: 'publish', topic, payload, qos, messageId, retain: false, dup: false });
    if (qos > 0) requests.published(messageId);
    return messageId;
  }

  sendSubscribe(filters: readonly TopicFilter[], listener: MessageListener): number | undefined {
    const requests = this.#requests(listener);
    if (requests === undefined) return undefined;
    const messageId = requests.nextId();
    this.#send({ cmd: 'subscribe', messageId, subscriptions: [...filters] });
    requests.subscribed(messageId, filters.length);
    return messageId;
  }

  disconnect(): void {
    this.#socket.end(DISCONNECT);
  }

  silence(): void {
    this.#keepalive.stop();
  }

  stop(): void {
    this.#isOver = true;
    this.#conversation?.stop();
    this.#keepalive.stop();
  }

  sendPing(): void {
    this.#socket.write(PINGREQ);
    this.#keepalive.sent();
  }

  onKeepaliveTimeout(): void {
    this.#events.onKeepaliveTimeout();
  }

  onPacket(packet: Packet): void {
    if (packet.cmd === 'pingresp') this.#keepalive.answered();
    else if (packet.cmd === 'publish' && packet.qos > 0) this.#answer(packet.qos === 1 ? 'puback' : 'pubrec', packet);
    else if (packet.cmd === 'pubrel') this.#answer('pubcomp', packet);
  }

  onViolation(detail: string): void {
    this.#events.onProtocolError(detail);
  }

  #read(piece: Buffer): void {
    if (this.#conversation === undefined && isPingresp(piece)) this.#keepalive.answered();
    else this.#converse().read(piece);
  }

  #converse(): Conversation {
    this.#conversation ??= new Conversation(this);
    return this.#conversation;
  }

  /** Undefined when nothing can be sent: the session is not online, or no packet identifier is left. */
  #requests(listener: MessageListener): OpenRequests | undefined {
    if (this.#connackLeft > 0 || this.#isOver) return undefined;
    const requests = this.#converse().requests(listener);
    return requests.isFull ? undefined : requests;
  }

  #answer(cmd: 'puback' | 'pubrec' | 'pubcomp', { messageId }: Packet): void {
    if (messageId === undefined) return;
    this.#backlog ??= new AnswerBacklog(this.#socket);
    if (this.#backlog.isTooLong()) this.#events.onProtocolError(UNREAD_ANSWERS);
    else this.#send({ cmd, messageId });
  }

  /**
   * Packets written in one turn leave together, as with MQTT.js; otherwise each but the first would wait for the peer's ACK of the
   * previous one.
   */
  #send(packet: Packet): void {
    this.#socket.cork();
    this.#socket.write(generate(packet));
    nextTick(uncork, this.#socket);
    this.#keepalive.sent();
  }
}

function uncork(socket: Socket): void {
  socket.uncork();
}
