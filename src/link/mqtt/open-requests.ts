import type { ISubackPacket, Packet } from 'mqtt-packet';
import type { MessageListener } from './application-messages.ts';

/** Packet identifiers are 16 bits and not 0 [MQTT 3.1.1 clause 2.3.1]. */
const MAX_ID = 65_535;
/** Instead of a number of filters: marks the request as a PUBLISH. */
const PUBLISH = 0;

/** The requests of one session that wait for their answer, whichever MQTT client sends them. Created with the first one. */
export class OpenRequests {
  readonly #listener: MessageListener;
  /** How many filters the SUBSCRIBE with that identifier names, or `PUBLISH`. */
  readonly #filters = new Map<number, number>();
  #lastId = 0;

  constructor(listener: MessageListener) {
    this.#listener = listener;
  }

  /** Identifiers of unanswered requests. */
  get ids(): Iterable<number> {
    return this.#filters.keys();
  }

  /** True when no identifier is left. */
  get isFull(): boolean {
    return this.#filters.size === MAX_ID;
  }

  /** The identifier used last. */
  get lastId(): number {
    return this.#lastId;
  }

  /** The next identifier that is not in use [MQTT 3.1.1 clause 2.3.1-2]. Must not be called when full. */
  nextId(): number {
    do {
      this.#lastId = (this.#lastId % MAX_ID) + 1;
    } while (this.#filters.has(this.#lastId));
    return this.#lastId;
  }

  /** A PUBLISH of QoS 1 was sent. */
  published(id: number): void {
    this.#filters.set(id, PUBLISH);
  }

  /** A SUBSCRIBE was sent. */
  subscribed(id: number, filters: number): void {
    this.#filters.set(id, filters);
  }

  /** Takes a packet from the service and notifies the listener. Returns a description of what is wrong with it, or undefined. */
  take(packet: Packet): string | undefined {
    switch (packet.cmd) {
      case 'publish':
        this.#listener.onMessage?.(packet.topic, bytesOf(packet.payload));
        return undefined;
      case 'puback':
      case 'pubrec':
      case 'pubcomp':
      case 'unsuback':
        return this.#close(packet, PUBLISH, 'puback');
      case 'suback':
        return this.#close(packet, packet.granted.length, 'suback');
      default:
        return undefined;
    }
  }

  /** An unsolicited answer is tolerated, as by MQTT.js and other clients; one of the wrong kind is not. */
  #close(packet: Packet, answers: number, cmd: Packet['cmd']): string | undefined {
    const id = packet.messageId ?? 0;
    const filters = this.#filters.get(id);
    if (filters === undefined) return undefined;
    if (packet.cmd !== cmd || filters !== answers) return mismatch(packet, filters);
    this.#filters.delete(id);
    if (packet.cmd === 'suback') this.#listener.onSubscribed(id, codesOf(packet));
    else this.#listener.onPublished(id);
    return undefined;
  }
}

function mismatch(packet: Packet, filters: number): string {
  const request = filters === PUBLISH ? 'a PUBLISH of QoS 1' : `a SUBSCRIBE of ${filters} filters`;
  const codes = packet.cmd === 'suback' ? ` of ${packet.granted.length} codes` : '';
  return `${packet.cmd}${codes} in answer to ${request}`;
}

function bytesOf(payload: string | Buffer): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

/** The types allow MQTT 5 codes as objects; the parser returns numbers. */
function codesOf({ granted }: ISubackPacket): number[] {
  return granted.map(Number);
}
