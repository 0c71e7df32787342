import { lookup } from 'node:dns';
import { isIP, Socket, type TcpNetConnectOpts } from 'node:net';
import { nextTick } from 'node:process';
import type { SocketPhases } from '../../metrics/measure/attempt-record.ts';
import type { Clock } from '../../time/clock.ts';
import { failureOf, isPortTaken, noPortLeft } from '../failures.ts';
import type { Endpoint, LinkFailure } from '../port.ts';
import { strayAddress } from './loopback.ts';
import { headerOf, type ProxyOptions } from './proxy-header.ts';
import { socketOptions } from './socket-options.ts';
import type { LocalEnd, SourcePool } from './source-addresses.ts';
import { startTls, type TlsLayer } from './tls.ts';

/** What an opening needs from the operating system. */
export interface NetworkStack {
  /** Calls back once, later, with an address of the name. */
  lookup(host: string, done: (error: Error | null, address: string) => void): void;
  /** A socket that is not connected yet. */
  newSocket(): Socket;
  /** Where connections come from; undefined: the system chooses. */
  readonly sources?: SourcePool | undefined;
}

/**
 * Resolves with IPv4 first, one address per name; no happy eyeballs, as one attempt is one connection. A name for this machine that
 * resolves to another one fails, because that host was not allowed.
 */
export const systemNetwork: NetworkStack = {
  lookup: (host, done) =>
    lookup(host, { order: 'ipv4first' }, (error, address) => done(error ?? strayAddress(host, address), address)),
  newSocket: () => new Socket(socketOptions(true)),
};

/** What a socket is connected with. */
export function connectOptions(host: string, port: number, local?: LocalEnd): TcpNetConnectOpts {
  if (local === undefined) return { host, port, autoSelectFamily: false };
  return { host, port, localAddress: local.address, localPort: local.port, autoSelectFamily: false };
}

/** How many ports held by other processes an attempt skips. */
export const MAX_TAKEN_PORTS = 32;

/** Events of an opening: `onOpen` or `onFailed` once, unless it was abandoned; `onClosed` once if a socket was created. */
export interface SocketEvents {
  onOpen(socket: Socket): void;
  onFailed(failure: LinkFailure): void;
  onClosed(): void;
}

/** Where a socket is opened to, and what is on top of it. */
export interface OpeningOptions {
  readonly endpoint: Endpoint;
  /** Undefined: plain TCP. */
  readonly tls?: TlsLayer | undefined;
  /** What is sent before everything else; undefined: nothing. */
  readonly proxy?: ProxyOptions | undefined;
}

/** Opens a socket: resolves the name, connects, secures the connection if requested, and times each phase. */
export class SocketOpening implements SocketPhases {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #events: SocketEvents;
  readonly #tls: TlsLayer | undefined;
  readonly #proxy: ProxyOptions | undefined;
  #isOver = false;
  #startedUs = -1;
  /** Start of the phase under way. */
  #phaseUs = -1;
  #takenPorts = 0;
  dnsUs = -1;
  tcpUs = -1;
  tlsUs = -1;
  /** The TCP connection, below TLS too. */
  #base: Socket | undefined;
  /** Set once the name is resolved; replaced by the TLS socket when the handshake starts. */
  socket: Socket | undefined;

  /** Starts at once; no event is sent before the caller is back in the event loop. */
  constructor({ endpoint, tls, proxy }: OpeningOptions, network: NetworkStack, clock: Clock, events: SocketEvents) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#events = events;
    this.#tls = tls;
    this.#proxy = proxy;
    if (isIP(endpoint.host) === 0) this.#resolve(network);
    else this.#connect(network, endpoint.host);
  }

  /** When the first request was made to the operating system, for the name's address or the connection. */
  get startedUs(): number {
    return this.#startedUs;
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
    this.#start();
    network.lookup(this.#endpoint.host, (error, address) => {
      if (this.#isOver) return;
      if (error !== null) return this.#fail(error);
      this.dnsUs = this.#phaseEndUs();
      this.#connect(network, address);
    });
  }

  #connect(network: NetworkStack, address: string): void {
    const local = network.sources?.take(address, this.#endpoint.port) ?? 'system';
    if (local === 'exhausted') {
      this.#start();
      queueMicrotask(() => this.#failForPorts());
      return;
    }
    const end = local === 'system' ? undefined : local;
    const socket = network.newSocket();
    this.socket = socket;
    this.#base = socket;
    // Stays for the socket's life: an error after the end must not go unhandled.
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
      this.tcpUs = this.#phaseEndUs();
      if (end !== undefined) network.sources?.connected(end);
      if (this.#proxy !== undefined) this.#introduce(socket, this.#proxy);
      if (this.#tls === undefined) this.#open(socket);
      else this.#secure(socket, this.#tls);
    });
    const options = connectOptions(address, this.#endpoint.port, end);
    this.#start();
    socket.connect(options);
  }

  /** The first phase starts now; what came before is this program's own time. */
  #start(): void {
    if (this.#startedUs >= 0) return;
    this.#startedUs = this.#clock.nowUs();
    this.#phaseUs = this.#startedUs;
  }

  /** Without TLS the header leaves together with CONNECT, which would otherwise wait for the ACK of such a small segment. */
  #introduce(socket: Socket, proxy: ProxyOptions): void {
    if (this.#tls === undefined) {
      socket.cork();
      nextTick(() => socket.uncork());
    }
    socket.write(headerOf(proxy, socket));
  }

  #secure(base: Socket, tls: TlsLayer): void {
    const secured = startTls(base, this.#endpoint.host, tls);
    this.socket = secured;
    secured.on('error', (error) => this.#fail(error));
    secured.once('close', () => this.#closed(secured));
    secured.once('secureConnect', () => {
      if (this.#isOver) return;
      this.tlsUs = this.#phaseEndUs();
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
    this.#events.onFailed(noPortLeft(this.#endpoint));
  }

  /** Length of the phase that ends now; the next one starts at the same reading, so that phases leave no gap and never overlap. */
  #phaseEndUs(): number {
    const nowUs = this.#clock.nowUs();
    const lengthUs = nowUs - this.#phaseUs;
    this.#phaseUs = nowUs;
    return lengthUs;
  }
}
