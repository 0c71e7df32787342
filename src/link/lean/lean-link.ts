import { type OnReadOpts, Socket } from 'node:net';
import type { SocketPhases } from '../../metrics/measure/attempt-record.ts';
import { isPortTaken, noPortLeft } from '../failures.ts';
import { type LifeServices, LinkLife } from '../life/link-life.ts';
import type { LinkClient } from '../life/mqtt-client.ts';
import type { LinkListener, LinkOptions } from '../port.ts';
import { readBuffer } from '../socket/shared-read-socket.ts';
import { connectOptions, MAX_TAKEN_PORTS } from '../socket/socket.ts';
import { socketOptions } from '../socket/socket-options.ts';
import type { LocalEnd, SourcePool } from '../socket/source-addresses.ts';
import { LeanClient } from './lean-client.ts';

/** What the lean links of a worker share. */
export interface LeanLinkServices extends LifeServices {
  /** Undefined: the system chooses where connections come from. */
  readonly sources?: SourcePool | undefined;
}

/** A socket that knows its link, so that all sockets share their listeners. */
class LinkSocket extends Socket {
  readonly link: LeanLink;
  /** Released when this socket is closed. */
  readonly local: LocalEnd | undefined;

  constructor(link: LeanLink, local: LocalEnd | undefined) {
    // All output of a turn leaves in one piece, so disabling Nagle's algorithm gains nothing.
    super(socketOptions(false, link));
    this.link = link;
    this.local = local;
    this.on('connect', onConnect);
    this.on('end', onEnd);
    this.on('error', onError);
    this.on('close', onClose);
  }
}

/**
 * The plainest link: the lean client over TCP to an IP address. It does without `SocketOpening` and uses as few objects, closures and
 * listeners as possible, because they make up most of the tool's own cost of a login.
 */
export class LeanLink extends LinkLife<LeanLinkServices> implements OnReadOpts, SocketPhases {
  /** The thread's shared read buffer. */
  readonly buffer = readBuffer();
  readonly dnsUs = -1;
  tcpUs = -1;
  readonly tlsUs = -1;
  protected socket: LinkSocket | undefined;
  #local: LocalEnd | undefined;
  #takenPorts = 0;

  constructor(services: LeanLinkServices, options: LinkOptions, listener: LinkListener) {
    super(services, options, listener);
    this.begin(this.#connect());
  }

  /** The `onread` callback of the socket. */
  readonly callback = (length: number): boolean => {
    this.received(this.buffer.subarray(0, length));
    return true;
  };

  /** The socket is connected. */
  onOpen(socket: Socket): void {
    if (!this.isOpening) return;
    const { clock, sources } = this.services;
    this.tcpUs = clock.nowUs() - this.startedUs;
    if (this.#local !== undefined) sources?.connected(this.#local);
    this.logIn(socket);
  }

  /** The socket failed. */
  onError(error: Error): void {
    if (!this.isOpening || this.#local === undefined || !isPortTaken(error)) this.socketFailed(error);
    // Another process on this machine holds the port: try the next one.
    else if (++this.#takenPorts <= MAX_TAKEN_PORTS) this.#connect();
    else this.socketFailed(error);
  }

  /** The service sent FIN. */
  onEnd(): void {
    this.finished();
  }

  /** A socket of this link is closed for good: its only one, unless its port was taken. */
  onClose(socket: LinkSocket): void {
    if (socket.local !== undefined) this.services.sources?.release(socket.local);
    if (socket === this.socket) this.closed();
  }

  protected get opened(): SocketPhases {
    return this;
  }

  protected get openingPhase(): 'tcp' {
    return 'tcp';
  }

  protected startClient(socket: Socket, options: LinkOptions): LinkClient {
    return new LeanClient(socket, options, this, this.services.clock, this.services.wheel);
  }

  protected resetSocket(): void {
    this.socket?.resetAndDestroy();
  }

  /** Returns the instant at which the connection was requested: the time before that, for creating a socket, is this program's own. */
  #connect(): number {
    const { host, port } = this.endpoint;
    const { clock, sources } = this.services;
    const local = sources?.take(host, port) ?? 'system';
    if (local === 'exhausted') {
      queueMicrotask(() => this.fail(noPortLeft(this.endpoint)));
      return clock.nowUs();
    }
    this.#local = local === 'system' ? undefined : local;
    const socket = new LinkSocket(this, this.#local);
    this.socket = socket;
    const target = connectOptions(host, port, this.#local);
    const askedUs = clock.nowUs();
    socket.connect(target);
    return askedUs;
  }
}

/** Listeners of all lean sockets: `this` is the socket. */
function onConnect(this: LinkSocket): void {
  this.link.onOpen(this);
}

function onEnd(this: LinkSocket): void {
  this.link.onEnd();
}

function onError(this: LinkSocket, error: Error): void {
  this.link.onError(error);
}

function onClose(this: LinkSocket): void {
  this.link.onClose(this);
}
