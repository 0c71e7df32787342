import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import type { Packet } from 'mqtt-packet';

/** Parts of aedes' client that its types leave out. */
interface ClientInternals extends Client {
  /** Emits each packet of a chunk; its one listener starts on the packet at once. */
  readonly _parser: EventEmitter;
  /** Called when a packet is done. */
  _nextBatch: (error?: Error | null) => void;
  /** Packets not done yet; the next chunk is read when there are none. */
  _parsingBatch: number;
}

type Done = ClientInternals['_nextBatch'];

/**
 * Lets the broker handle a client's packets in the order they came. aedes starts on all packets of a chunk at once, and some take effect
 * later than others: a SUBSCRIBE of a kept session is stored first, an UNSUBSCRIBE waits a turn of the event loop, a PUBLISH of QoS 1 waits
 * for its PUBACK to be written. Later packets would overtake them, though a client may rely on the order [MQTT-4.6.0-6]. So such a packet
 * starts when all before it are done, and later ones wait for it. PUBLISHes of QoS 0 run in parallel.
 */
export function handleInOrder(client: Client, socket: Socket): void {
  const order = new PacketOrder(client as ClientInternals);
  // Comes before the listener by which aedes ends the client: what was sent before the end counts.
  socket.prependListener('end', () => order.startAll());
}

class PacketOrder {
  readonly #client: ClientInternals;
  readonly #begin: (packet: Packet) => void;
  readonly #readOn: Done;
  readonly #done: Done;
  readonly #waiting: Packet[] = [];
  #underWay = 0;
  /** Whether what is under way, a single packet then, must be done before anything else starts. */
  #isBarred = false;
  #isStarting = false;

  constructor(client: ClientInternals) {
    const parser = client._parser;
    const [begin] = parser.listeners('packet');
    if (begin === undefined) throw new Error('aedes has changed: its parser has no listener for packets');
    this.#client = client;
    this.#begin = (packet) => void Reflect.apply(begin, parser, [packet]);
    this.#readOn = client._nextBatch;
    this.#done = (error) => this.#end(error);
    parser.removeAllListeners('packet').on('packet', (packet: Packet) => this.#take(packet));
  }

  /** Starts all that are waiting, whatever is under way. */
  startAll(): void {
    for (const packet of this.#waiting.splice(0)) {
      this.#client._parsingBatch -= 1;
      this.#start(packet);
    }
  }

  #take(packet: Packet): void {
    if (this.#waiting.length === 0 && this.#mayStart(packet)) {
      this.#start(packet);
      return;
    }
    // Counts as not done, so that no more than one chunk is read.
    this.#client._parsingBatch += 1;
    this.#waiting.push(packet);
  }

  #mayStart(packet: Packet): boolean {
    return this.#underWay === 0 || (!this.#isBarred && passes(packet));
  }

  #start(packet: Packet): void {
    this.#underWay += 1;
    this.#isBarred = !passes(packet);
    // When aedes starts on a packet, it reads from here the function that ends it; it also calls that function for other reasons.
    this.#client._nextBatch = this.#done;
    this.#begin(packet);
    this.#client._nextBatch = this.#readOn;
  }

  #end(error?: Error | null): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#isBarred = false;
    if (error || this.#client.closed) this.#waiting.length = 0;
    this.#startNext();
    this.#readOn(error);
  }

  /** A loop rather than recursion, because thousands of packets in a row may be done as soon as they start. */
  #startNext(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    for (let next = this.#waiting[0]; next !== undefined && this.#mayStart(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#client._parsingBatch -= 1;
      this.#start(next);
    }
    this.#isStarting = false;
  }
}

/** Packets that take effect as soon as they start and get no answer, so that they need not wait for one another. */
function passes(packet: Packet): boolean {
  return packet.cmd === 'puback' || packet.cmd === 'pubcomp' || (packet.cmd === 'publish' && packet.qos === 0);
}
