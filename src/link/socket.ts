import { lookup } from 'node:dns';
import { isIP, Socket, type TcpNetConnectOpts } from 'node:net';
import type { Clock } from '../time/clock.ts';
import { addressOf, failureOf, isPortTaken } from './faults.ts';
import type { Endpoint, LinkFailure, SocketPhases } from './port.ts';
import { socketOptions } from './socket-options.ts';
import type { LocalEnd, SourcePool } from './sources.ts';
import { startTls, type TlsLayer } from './tls.ts';

/** What an opening asks of the operating system. */
export interface NetworkStack {
  /** Calls back once, later, with an address of the name. */
  lookup(host: string, done: (error: Error | null, address: string) => void): void;
  /** Starts a connection to an IP address, from `local` or from where the system chooses; errors come as events. */
  connect(address: string, port: number, local?: LocalEnd): Socket;
  /** Where connections come from; undefined: the system chooses. */
  readonly sources?: SourcePool | undefined;
}

/** Resolves with IPv4 first, one address a name; no happy eyeballs, as one attempt is one connection. */
export const systemNetwork: NetworkStack = {
  lookup: (host, done) => lookup(host, { order: 'ipv4first' }, done),
  connect: (address, port, local) => new Socket(socketOptions(true)).connect(connectOptions(address, port, local)),
};

/** What a socket is connected with. */
export function connectOptions(host: string, port: number, local?: LocalEnd): TcpNetConnectOpts {
  if (local === undefined) return { host, port, autoSelectFamily: false };
  return { host, port, localAddress: local.address, localPort: local.port, autoSelectFamily: false };
}

/** Ports that others on this machine hold are passed over, this many in one attempt. */
export const MAX_TAKEN_PORTS = 32;

/** What an opening tells its owner: `onOpen` or `onFailed` once, unless it was abandoned; `onClosed` once when a socket was made. */
export interface SocketEvents {
  onOpen(socket: Socket): void;
  onFailed(failure: LinkFailure): void;
  onClosed(): void;
}

/** A socket on its way: resolves the name, connects, secures the connection where asked to, times each phase. */
export class SocketOpening {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #phases: SocketPhases;
  readonly #events: SocketEvents;
  readonly #tls: TlsLayer | undefined;
  #isOver = false;
  #startUs: number;
  #takenPorts = 0;
  /** The TCP connection, below TLS too. */
  #base: Socket | undefined;
  /** Set once the name is resolved; the secured one as soon as the handshake starts. */
  socket: Socket | undefined;

  /** Starts at once; no event is sent before the caller is back in the event loop. Fills `phases`. */
  constructor(
    endpoint: Endpoint,
    network: NetworkStack,
    clock: Clock,
    phases: SocketPhases,
    events: SocketEvents,
    tls?: TlsLayer,
  ) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#phases = phases;
    this.#events = events;
    this.#tls = tls;
    this.#startUs = clock.nowUs();
    if (isIP(endpoint.host) === 0) this.#resolve(network);
    else this.#connect(network, endpoint.host);
  }

  get phase(): 'dns' | 'tcp' | 'tls' {
    if (this.socket === undefined) return 'dns';
    return this.socket === this.#base ? 'tcp' : 'tls';
  }

  /** No more `onOpen` or `onFailed`. The socket, if there is one, stays as it is. */
  abandon(): void {
    this.#isOver = true;
  }

  /** Closes with RST, as soon as there is a connection to reset. */
  reset(): void {
    if (this.#base?.destroyed === false) this.#base.resetAndDestroy();
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
    const local = network.sources?.take(address, this.#endpoint.port) ?? 'system';
    if (local === 'exhausted') {
      queueMicrotask(() => this.#failForPorts());
      return;
    }
    const end = local === 'system' ? undefined : local;
    const socket = network.connect(address, this.#endpoint.port, end);
    this.socket = socket;
    this.#base = socket;
    // Stays for the socket's life: an error that comes after the end must not go unhandled.
    socket.on('error', (error) => {
      const isOthers = end !== undefined && !this.#isOver && socket.connecting === false && isPortTaken(error);
      if (isOthers && ++this.#takenPorts <= MAX_TAKEN_PORTS) this.#connect(network, address);
      else this.#fail(error);
    });
    socket.on('close', () => {
      if (end !== undefined) network.sources?.release(end);
      this.#closed(socket);
    });
    socket.on('connect', () => {
      if (this.#isOver) return;
      this.#phases.tcpUs = this.#phaseEndUs();
      if (this.#tls === undefined) this.#open(socket);
      else this.#secure(socket, this.#tls);
    });
  }

  #secure(base: Socket, tls: TlsLayer): void {
    const secured = startTls(base, this.#endpoint.host, tls);
    this.socket = secured;
    secured.on('error', (error) => this.#fail(error));
    secured.once('close', () => this.#closed(secured));
    secured.once('secureConnect', () => {
      if (this.#isOver) return;
      this.#phases.tlsUs = this.#phaseEndUs();
      this.#open(secured);
    });
  }

  #open(socket: Socket): void {
    this.#isOver = true;
    this.#events.onOpen(socket);
  }

  /** A connection under TLS closes with it; only the outer one counts. */
  #closed(socket: Socket): void {
    if (socket === this.socket) this.#events.onClosed();
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onFailed(failureOf(error, this.phase, this.#endpoint));
  }

  #failForPorts(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const detail = `no local port left for ${addressOf(this.#endpoint)}`;
    this.#events.onFailed({ outcome: 'local-limit', phase: 'tcp', detail });
  }

  /** Length of the phase that ends now; the next one starts at the same reading, so that phases leave no gap and never overlap. */
  #phaseEndUs(): number {
    const nowUs = this.#clock.nowUs();
    const lengthUs = nowUs - this.#startUs;
    this.#startUs = nowUs;
    return lengthUs;
  }
}
