import { lookup } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import type { Clock } from '../time/clock.ts';
import { failureOf } from './faults.ts';
import type { Endpoint, LinkFailure, PhaseTimes } from './port.ts';

/** The two calls of the operating system that an opening is made of. */
export interface NetworkStack {
  /** Calls back once, later, with an address of the name. */
  lookup(host: string, done: (error: Error | null, address: string) => void): void;
  /** Starts a connection to an IP address; errors come as events. */
  connect(address: string, port: number): Socket;
}

/** Resolves with IPv4 first, one address a name; no happy eyeballs, as one attempt is one connection. */
export const systemNetwork: NetworkStack = {
  lookup: (host, done) => lookup(host, { order: 'ipv4first' }, done),
  connect: (host, port) => connect({ host, port, noDelay: true, autoSelectFamily: false }),
};

/** What an opening tells its owner: `onOpen` or `onFailed` once, unless it was abandoned; `onClosed` once when a socket was made. */
export interface SocketEvents {
  onOpen(socket: Socket): void;
  onFailed(failure: LinkFailure): void;
  onClosed(): void;
}

/** A TCP socket on its way: resolves the name, connects, times both phases. */
export class SocketOpening {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #phases: PhaseTimes;
  readonly #events: SocketEvents;
  #isOver = false;
  #startUs: number;
  /** Set once the name is resolved. */
  socket: Socket | undefined;

  /** Starts at once; no event is sent before the caller is back in the event loop. Fills `dnsUs` and `tcpUs` of `phases`. */
  constructor(endpoint: Endpoint, network: NetworkStack, clock: Clock, phases: PhaseTimes, events: SocketEvents) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#phases = phases;
    this.#events = events;
    this.#startUs = clock.nowUs();
    if (isIP(endpoint.host) === 0) this.#resolve(network);
    else this.#connect(network, endpoint.host);
  }

  get phase(): 'dns' | 'tcp' {
    return this.socket === undefined ? 'dns' : 'tcp';
  }

  /** No more `onOpen` or `onFailed`. The socket, if there is one, stays as it is. */
  abandon(): void {
    this.#isOver = true;
  }

  #resolve(network: NetworkStack): void {
    network.lookup(this.#endpoint.host, (error, address) => {
      if (this.#isOver) return;
      if (error !== null) return this.#fail(error);
      this.#phases.dnsUs = this.#phaseEndUs();
      this.#connect(network, address);
    });
  }

  #connect(network: NetworkStack, address: string): void {
    const socket = network.connect(address, this.#endpoint.port);
    this.socket = socket;
    // Stays for the socket's life: an error that comes after the end must not go unhandled.
    socket.on('error', (error) => this.#fail(error));
    socket.once('close', () => this.#events.onClosed());
    socket.once('connect', () => {
      if (this.#isOver) return;
      this.#isOver = true;
      this.#phases.tcpUs = this.#phaseEndUs();
      this.#events.onOpen(socket);
    });
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onFailed(failureOf(error, this.phase, this.#endpoint));
  }

  /** Length of the phase that ends now; the next one starts at the same reading, so that phases leave no gap and never overlap. */
  #phaseEndUs(): number {
    const nowUs = this.#clock.nowUs();
    const lengthUs = nowUs - this.#startUs;
    this.#startUs = nowUs;
    return lengthUs;
  }
}
