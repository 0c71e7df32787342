import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import type { Counts } from '../service-counts.ts';

/** How long a refused client may take to close its side before the socket is destroyed. */
const REFUSAL_LINGER_MS = 1_000;

/** One socket, from TCP accept to its end: waits for its CONNECT, is refused or handed to the broker, gets online, is closed. */
export class Connection {
  readonly socket: Socket;
  /** Settles when the login is answered: CONNACK written, or the socket gone before. Never rejects. */
  readonly answered: Promise<void>;
  readonly #counts: Counts;
  #settleAnswered: () => void = () => undefined;
  #client: Client | undefined;
  #isOnline = false;
  #hasBrokenProtocol = false;

  constructor(socket: Socket, counts: Counts) {
    this.socket = socket;
    this.#counts = counts;
    this.answered = new Promise((resolve) => {
      this.#settleAnswered = resolve;
    });
    // A reset is a normal end here: the socket destroys itself and 'close' follows.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#goOffline();
      this.#settleAnswered();
    });
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  /** Answers with a refusing CONNACK and closes: some client libraries hang if that is left to them. */
  refuse(code: number): void {
    this.#counts.countRefused(code);
    this.#settleAnswered();
    this.socket.end(Buffer.from([0x20, 0x02, 0x00, code]));
    // Keeps reading, as closing with unread bytes is a reset, which can overtake the CONNACK.
    this.socket.resume();
    const linger = setTimeout(() => this.socket.destroy(), REFUSAL_LINGER_MS);
    this.socket.once('close', () => clearTimeout(linger));
  }

  /** Closes because of what the client sent. The broker may have closed it already, and may report it more than once. */
  closeForProtocolError(): void {
    if (this.#hasBrokenProtocol) return;
    this.#hasBrokenProtocol = true;
    this.#counts.countProtocolError();
    this.socket.destroy();
  }

  /** The broker's client that the socket was handed to. */
  handedOver(client: Client): void {
    this.#client = client;
  }

  /** CONNACK 0 was written. */
  accepted(): void {
    this.#counts.countAccepted();
    if (!this.isClosed) {
      this.#isOnline = true;
      this.#counts.moveOnline(1);
    }
    this.#settleAnswered();
  }

  /** Closes the session for a newer login of its device; settles when the broker is done with it. */
  async kick(): Promise<void> {
    this.#counts.countKick();
    this.#goOffline();
    await new Promise<void>((resolve) => {
      this.socket.once('close', () => resolve());
      this.#client?.close(resolve);
    });
  }

  #goOffline(): void {
    if (!this.#isOnline) return;
    this.#isOnline = false;
    this.#counts.moveOnline(-1);
  }
}
