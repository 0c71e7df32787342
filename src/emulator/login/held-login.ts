import type { Socket } from 'node:net';
import type { Counts } from '../service-counts.ts';
import type { Place } from './waiting-line.ts';

/** What a client may send before its CONNACK; more is left unread. */
const MAX_HELD_BYTES = 64 * 1024;

/** A login between its CONNECT and its answer: keeps what the client has sent for the broker to read. */
export class HeldLogin {
  readonly #socket: Socket;
  readonly #counts: Counts;
  readonly #chunks: Buffer[];
  #size: number;

  /** `bytes`: the CONNECT and what was read with it. The socket must be paused. */
  constructor(socket: Socket, bytes: Buffer, counts: Counts) {
    this.#socket = socket;
    this.#counts = counts;
    this.#chunks = [bytes];
    this.#size = bytes.length;
  }

  /** Waits for the turn or the client's end. Keeps reading meanwhile: only that shows that the client has gone. */
  async wait(place: Place): Promise<void> {
    const leave = (): void => place.leave();
    const keep = (chunk: Buffer): void => this.#keep(chunk);
    this.#counts.moveWaiting(1);
    this.#socket.once('close', leave).on('data', keep);
    if (this.#size < MAX_HELD_BYTES) this.#socket.resume();
    await place.turn;
    this.#socket.off('close', leave).off('data', keep).pause();
    this.#counts.moveWaiting(-1);
  }

  /** Gives everything back to the socket, so that its next reader begins with the CONNECT. */
  giveBack(): void {
    this.#socket.unshift(this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks));
  }

  #keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= MAX_HELD_BYTES) this.#socket.pause();
  }
}

/** A place that is given up after some time. */
export function placeForUs(delayUs: number): Place {
  let settle: () => void = () => undefined;
  const turn = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const timer = setTimeout(settle, Math.round(delayUs / 1_000));
  return {
    turn,
    leave: () => {
      clearTimeout(timer);
      settle();
    },
  };
}
