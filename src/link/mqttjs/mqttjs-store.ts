import { Readable } from 'node:stream';
import type { IStore, Packet } from 'mqtt';

type PacketCallback = Parameters<IStore['get']>[1];
type Replay = ReturnType<IStore['createStream']>;
type Identified = Pick<Packet, 'messageId'>;

/**
 * Packets in flight of one MQTT.js client, which has two such stores. MQTT.js's own store creates a map for each, and a third-party stream
 * when the client connects. A session that only logs in and stays stores nothing here.
 */
export class FlightStore implements IStore {
  #packets: Map<number | undefined, Packet> | undefined;

  put(packet: Packet, callback: () => void): this {
    this.#packets ??= new Map();
    this.#packets.set(packet.messageId, packet);
    callback?.();
    return this;
  }

  get({ messageId }: Identified, callback: PacketCallback): this {
    answer(this.#packets?.get(messageId), callback);
    return this;
  }

  del({ messageId }: Identified, callback: PacketCallback): this {
    const packet = this.#packets?.get(messageId);
    this.#packets?.delete(messageId);
    answer(packet, callback);
    return this;
  }

  /** Packets to resend on connecting: none, because our clients connect only once. */
  createStream(): Replay {
    // The type asks for a stream of the library `readable-stream`, which is a copy of Node's own streams.
    return new Readable({ objectMode: true, read: endAtOnce }) as unknown as Replay;
  }

  close(callback: () => void): void {
    this.#packets = undefined;
    callback?.();
  }
}

function answer(packet: Packet | undefined, callback: PacketCallback): void {
  if (packet === undefined) callback(new Error('missing packet'));
  else callback(undefined, packet);
}

function endAtOnce(this: Readable): void {
  this.push(null);
}
