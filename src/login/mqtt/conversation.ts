import type { Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import type { MqttVersion } from './connect-fields.ts';

/** What came from the service. */
export type Heard =
  | { readonly kind: 'packet'; readonly packet: Packet }
  /** Bytes that are not MQTT, or not CONNACK first; as many of them as tell what they are. */
  | { readonly kind: 'stranger'; readonly bytes: Buffer; readonly words: string }
  | { readonly kind: 'silence' }
  /** `error`: a reset, or what TLS says; undefined: a FIN. */
  | { readonly kind: 'closed'; readonly error: Error | undefined };

/** First byte of CONNACK, which every service must send first [MQTT 3.1.1 clause 3.2.0-1]. */
const CONNACK_BYTE = 0x20;
const MOST_STRANGE_BYTES = 64;

/** Packets of MQTT over an open connection, in whatever version, one question at a time. */
export class Conversation {
  readonly #socket: Socket;
  readonly #version: MqttVersion;
  readonly #heard: Heard[] = [];
  #isFirst = true;
  #isOver = false;
  #awaited: (() => void) | undefined;

  constructor(socket: Socket, version: MqttVersion) {
    this.#socket = socket;
    this.#version = version;
    const packets = parser({ protocolVersion: version });
    packets.on('packet', (packet: Packet) => this.#hear({ kind: 'packet', packet }));
    packets.on('error', (error: Error) => {
      this.#hear({ kind: 'stranger', bytes: Buffer.alloc(0), words: error.message });
    });
    socket.on('data', (piece: Buffer) => {
      if (this.#isOver) return;
      if (this.#isFirst && piece[0] !== CONNACK_BYTE) this.#hearStranger(piece);
      else packets.parse(piece);
      this.#isFirst = false;
    });
    socket.on('error', (error) => this.#hear({ kind: 'closed', error }));
    socket.on('end', () => this.#hear({ kind: 'closed', error: undefined }));
    socket.on('close', () => this.#hear({ kind: 'closed', error: undefined }));
  }

  send(packet: Packet): void {
    this.#socket.write(generate(packet, { protocolVersion: this.#version }));
  }

  /** The next packet of this kind, or what came instead; packets of other kinds are passed over. Settles within `withinMs`. */
  async hear(cmd: Packet['cmd'], withinMs: number): Promise<Heard> {
    const endMs = performance.now() + withinMs;
    for (;;) {
      const next = this.#heard.shift() ?? (await this.#nextUntil(endMs));
      if (next.kind !== 'packet' || next.packet.cmd === cmd || next.packet.cmd === 'disconnect') return next;
    }
  }

  /** Waits, without a word, for what the service says by itself. */
  async listen(withinMs: number): Promise<Heard> {
    return this.#heard.shift() ?? (await this.#nextUntil(performance.now() + withinMs));
  }

  /** Leaves, in order if the device was in. */
  end(isIn: boolean): void {
    this.#isOver = true;
    if (isIn && this.#socket.writable)
      this.#socket.end(generate({ cmd: 'disconnect' }, { protocolVersion: this.#version }));
    this.#socket.destroySoon();
  }

  #hear(heard: Heard): void {
    if (this.#isOver) return;
    // The first sign of an end says how it came about.
    if (heard.kind === 'closed' || heard.kind === 'stranger') this.#isOver = true;
    this.#heard.push(heard);
    this.#awaited?.();
  }

  #hearStranger(piece: Buffer): void {
    this.#hear({ kind: 'stranger', bytes: piece.subarray(0, MOST_STRANGE_BYTES), words: 'not MQTT' });
  }

  async #nextUntil(endMs: number): Promise<Heard> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, endMs - performance.now()));
      this.#awaited = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#awaited = undefined;
    return this.#heard.shift() ?? { kind: 'silence' };
  }
}
