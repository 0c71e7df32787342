import { type Packet, type Parser, parser } from 'mqtt-packet';
import type { MessageListener } from '../mqtt/application-messages.ts';
import { OpenRequests } from '../mqtt/open-requests.ts';
import { ServiceFrames } from '../mqtt/service-frames.ts';
import { packetViolation } from '../mqtt/service-packets.ts';

const PROTOCOL = { protocolId: 'MQTT', protocolVersion: 4 } as const;

/** Events of a conversation. */
export interface ConversationEvents {
  /** A packet that the service may send. */
  onPacket(packet: Packet): void;
  /** The service violated the protocol; nothing is read after that. */
  onViolation(detail: string): void;
}

/**
 * State of a session that reads more than CONNACK and PINGRESP, publishes or subscribes: incomplete packets and unanswered requests. Most
 * sessions never need one.
 */
export class Conversation {
  readonly #events: ConversationEvents;
  readonly #parser: Parser;
  readonly #frames = new ServiceFrames();
  #requests: OpenRequests | undefined;
  #isOver = false;

  constructor(events: ConversationEvents) {
    this.#events = events;
    this.#parser = parser(PROTOCOL);
    this.#parser.on('packet', (packet) => this.#take(packet));
    this.#parser.on('error', (error: Error) => this.#violated(error.message));
  }

  /** The requests of the session; answers are reported to `listener`. */
  requests(listener: MessageListener): OpenRequests {
    this.#requests ??= new OpenRequests(listener);
    return this.#requests;
  }

  /** Takes the next bytes, which may be overwritten afterwards. */
  read(piece: Buffer): void {
    const violation = this.#frames.violationIn(piece);
    // Copied, because the parser keeps incomplete packets.
    if (violation === undefined) this.#parser.parse(Buffer.from(piece));
    else this.#violated(violation);
  }

  /** The session is over: no more events. */
  stop(): void {
    this.#isOver = true;
  }

  #take(packet: Packet): void {
    if (this.#isOver) return;
    const violation = packetViolation(packet) ?? this.#requests?.take(packet);
    if (violation !== undefined) this.#violated(violation);
    else if (!this.#isOver) this.#events.onPacket(packet);
  }

  #violated(detail: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onViolation(detail);
  }
}
