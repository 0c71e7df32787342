import type { Socket } from 'node:net';
import { generate, type Packet, type Parser, parser, writeToStream } from 'mqtt-packet';
import type { Clock } from '../time/clock.ts';
import { US_PER_SEC } from '../time/units.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../time/wheel.ts';
import { CONNACK_LENGTH } from './connack.ts';
import { connectPacket } from './connect-packet.ts';
import type { LinkOptions } from './port.ts';
import { servicePacketFault } from './service-packets.ts';
import type { ClientEvents, LinkClient } from './socket-link.ts';

const PROTOCOL = { protocolId: 'MQTT', protocolVersion: 4 } as const;
// Else the first packet of a thread waits for a table of 65,536 buffers to be made.
writeToStream.cacheNumbers = false;
const PINGREQ = generate({ cmd: 'pingreq' });
const DISCONNECT = generate({ cmd: 'disconnect' });
/** First byte of PINGRESP, which has no body: all that most sessions ever read after CONNACK. */
const PINGRESP_BYTE = 0xd0;
const PINGRESP_LENGTH = 2;

/**
 * MQTT 3.1.1 for a session that logs in and stays: CONNECT, keepalive, answers to what the service publishes, DISCONNECT. Packets are
 * written and read by mqtt-packet; a parser is made only for a session that reads more than CONNACK and PINGRESP.
 */
export class LeanClient implements LinkClient, TimerOwner {
  readonly #socket: Socket;
  readonly #events: ClientEvents;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #keepaliveUs: number;
  readonly #timer = new WheelTimer(this);
  #connackLeft = CONNACK_LENGTH;
  #isPinging = false;
  #isSilent = false;
  #isOver = false;
  #parser: Parser | undefined;

  constructor(socket: Socket, options: LinkOptions, events: ClientEvents, clock: Clock, wheel: TimerWheel) {
    this.#socket = socket;
    this.#events = events;
    this.#clock = clock;
    this.#wheel = wheel;
    this.#keepaliveUs = options.keepaliveSec * US_PER_SEC;
    try {
      socket.write(connectPacket(options));
    } catch (error) {
      // Fields that do not fit into a CONNECT are our fault, and are told as such.
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  onBytes(piece: Buffer): void {
    let rest = piece;
    if (this.#connackLeft > 0) {
      // CONNACK itself is read by the link.
      rest = piece.subarray(this.#connackLeft);
      this.#connackLeft -= piece.length - rest.length;
      if (this.#connackLeft > 0) return;
      this.#sent();
      this.#events.onConnected();
    }
    if (rest.length > 0 && !this.#isOver) this.#read(rest);
  }

  disconnect(): void {
    this.#socket.end(DISCONNECT);
  }

  silence(): void {
    this.#isSilent = true;
    this.#wheel.cancel(this.#timer);
  }

  stop(): void {
    this.#isOver = true;
    this.#wheel.cancel(this.#timer);
  }

  /** A keepalive has gone by without a packet to the service, or half of one without an answer to PINGREQ. */
  onTimer(): void {
    if (this.#isPinging) {
      this.#events.onKeepaliveTimeout();
      return;
    }
    this.#isPinging = true;
    this.#socket.write(PINGREQ);
    this.#arm(this.#keepaliveUs / 2);
  }

  #read(piece: Buffer): void {
    if (this.#parser === undefined && piece[0] === PINGRESP_BYTE && piece[1] === 0 && piece.length === PINGRESP_LENGTH)
      this.#answered();
    else this.#parse(piece);
  }

  #parse(piece: Buffer): void {
    this.#parser ??= this.#newParser();
    // The parser keeps what does not make a whole packet yet, and the piece is the thread's shared buffer.
    this.#parser.parse(Buffer.from(piece));
  }

  #newParser(): Parser {
    const packets = parser(PROTOCOL);
    packets.on('packet', (packet) => this.#onPacket(packet));
    packets.on('error', (error: Error) => this.#events.onProtocolError(error.message));
    return packets;
  }

  #onPacket(packet: Packet): void {
    const fault = packet.cmd === 'connack' ? 'a second CONNACK' : servicePacketFault(packet);
    if (fault !== undefined) this.#events.onProtocolError(fault);
    if (this.#isOver) return;
    if (packet.cmd === 'pingresp') this.#answered();
    else if (packet.cmd === 'publish' && packet.qos > 0) this.#answer(packet.qos === 1 ? 'puback' : 'pubrec', packet);
    else if (packet.cmd === 'pubrel') this.#answer('pubcomp', packet);
  }

  #answer(cmd: 'puback' | 'pubrec' | 'pubcomp', { messageId }: Packet): void {
    if (messageId === undefined) return;
    this.#socket.write(generate({ cmd, messageId }));
    if (!this.#isPinging) this.#sent();
  }

  #answered(): void {
    if (!this.#isPinging) return;
    this.#isPinging = false;
    this.#arm(this.#keepaliveUs / 2);
  }

  /** The service has heard of us: the next PINGREQ is due a keepalive from now [MQTT 3.1.1 clause 3.1.2.10]. */
  #sent(): void {
    this.#arm(this.#keepaliveUs);
  }

  #arm(inUs: number): void {
    if (this.#keepaliveUs > 0 && !this.#isSilent && !this.#isOver)
      this.#wheel.start(this.#timer, this.#clock.nowUs() + inUs);
  }
}
