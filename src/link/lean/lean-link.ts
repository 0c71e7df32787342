import { type OnReadOpts, Socket } from 'node:net';
import type { EndCause } from '../../results/outcome.ts';
import { type TimerOwner, WheelTimer } from '../../time/wheel.ts';
import {
  addressOf,
  closedEarly,
  deadlineFailure,
  detailOf,
  failureOf,
  isPortTaken,
  noPortLeft,
  refusal,
} from '../failures.ts';
import { unsendable } from '../life/refused-link.ts';
import { CLOSE_WAIT_US, type ClientEvents } from '../life/socket-link.ts';
import type { Message, MessageListener, TopicFilter } from '../mqtt/application-messages.ts';
import { ConnackReader, codeOfWholeConnack } from '../mqtt/connack.ts';
import { filtersFault, topicFault } from '../mqtt/sendable.ts';
import type { Endpoint, Link, LinkFailure, LinkListener, LinkOptions, PhaseTimes } from '../port.ts';
import { readBuffer } from '../socket/shared-read-socket.ts';
import { connectOptions, MAX_TAKEN_PORTS } from '../socket/socket.ts';
import { socketOptions } from '../socket/socket-options.ts';
import type { LocalEnd } from '../socket/source-addresses.ts';
import { LeanClient } from './lean-client.ts';
import type { LeanEnvironment } from './lean-environment.ts';

type State = 'connecting' | 'login' | 'accepted' | 'online' | 'over';

/** A socket that knows its link, so that all sockets share their listeners. */
class LinkSocket extends Socket {
  readonly link: LeanLink;
  /** Given back when this socket is closed. */
  readonly local: LocalEnd | undefined;

  constructor(link: LeanLink, local: LocalEnd | undefined) {
    // What one turn has to say leaves in one piece: nothing is gained by asking the kernel not to wait.
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
 * What `SocketLink` is for all connections, for the plainest of them: the lean client over TCP to an IP address. It is this short of
 * objects, closures and listeners because the tool's own cost of a login is mostly these.
 */
export class LeanLink implements Link, ClientEvents, TimerOwner, OnReadOpts {
  /** The thread's shared read buffer. */
  readonly buffer = readBuffer();
  readonly startedUs: number;
  readonly #environment: LeanEnvironment;
  readonly #endpoint: Endpoint;
  readonly #listener: LinkListener;
  readonly #connectTimeoutUs: number;
  /** Undefined once CONNECT is written: a session that is held needs no names and passwords. */
  #options: LinkOptions | undefined;
  /** The deadline of the opening, then the bound on closing. */
  readonly #timer = new WheelTimer(this);
  #state: State = 'connecting';
  #socket: LinkSocket | undefined;
  #local: LocalEnd | undefined;
  #client: LeanClient | undefined;
  /** Only for a CONNACK that comes in pieces, or is none. */
  #connack: ConnackReader | undefined;
  #takenPorts = 0;
  #isClosed = false;
  /** Start of the phase under way. */
  #phaseUs: number;
  #tcpUs = -1;
  #mqttUs = -1;

  constructor(environment: LeanEnvironment, options: LinkOptions, listener: LinkListener) {
    this.#environment = environment;
    this.#endpoint = options.endpoint;
    this.#connectTimeoutUs = options.connectTimeoutUs;
    this.#options = options;
    this.#listener = listener;
    this.startedUs = this.#connect();
    this.#phaseUs = this.startedUs;
    environment.wheel.start(this.#timer, this.startedUs + options.connectTimeoutUs - (options.spentUs ?? 0));
  }

  /** The `onread` callback of the socket. */
  readonly callback = (length: number): boolean => {
    this.#onPiece(this.buffer.subarray(0, length));
    return true;
  };

  end(onClosed?: () => void): void {
    const before = this.#state;
    if (before !== 'over') this.#finish();
    if (before === 'online') {
      this.#client?.disconnect();
      this.#boundClosing();
    } else if (before !== 'over') {
      this.#socket?.destroy();
    }
    if (onClosed !== undefined) this.#whenClosed(onClosed);
  }

  reset(): void {
    this.#finish();
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    // While connecting, the RST leaves as soon as there is a connection to reset.
    socket.resetAndDestroy();
    if (!socket.destroyed) this.#boundClosing();
  }

  close(): void {
    this.#finish();
    this.#socket?.end();
    this.#boundClosing();
  }

  blackhole(): void {
    this.#socket?.pause();
    // What is written is kept and never sent: a PINGREQ at a time, until the keepalive gives up.
    this.#socket?.cork();
  }

  silence(): void {
    this.#client?.silence();
  }

  publish(message: Message, listener: MessageListener): number | undefined {
    const fault = topicFault(message.topic);
    return fault === undefined ? this.#client?.sendPublish(message, listener) : this.#cannotSend(fault);
  }

  subscribe(filters: readonly TopicFilter[], listener: MessageListener): number | undefined {
    const fault = filtersFault(filters);
    return fault === undefined ? this.#client?.sendSubscribe(filters, listener) : this.#cannotSend(fault);
  }

  onConnected(): void {
    if (this.#state !== 'accepted') return;
    this.#state = 'online';
    this.#listener.onAccepted(this.#phaseUs, this.#phases());
  }

  onProtocolError(detail: string): void {
    if (this.#isBeforeConnack()) this.#fail({ outcome: 'protocol-error', phase: 'mqtt', detail });
    else this.#lose('protocol-error', detail);
  }

  onKeepaliveTimeout(): void {
    this.#lose('keepalive-timeout', `no answer to PINGREQ from ${addressOf(this.#endpoint)}`);
  }

  onTimer(): void {
    if (this.#state === 'over') this.#socket?.destroy();
    else this.#fail(deadlineFailure(this.#phase(), this.#endpoint, this.#connectTimeoutUs, this.#connackBytes()));
  }

  /** The socket is connected. */
  onOpen(socket: Socket): void {
    const options = this.#options;
    if (this.#state !== 'connecting' || options === undefined) return;
    const { clock, wheel, sources } = this.#environment;
    this.#tcpUs = clock.nowUs() - this.#phaseUs;
    if (this.#local !== undefined) sources?.connected(this.#local);
    this.#state = 'login';
    this.#client = new LeanClient(socket, options, this, clock, wheel);
    this.#options = undefined;
    this.#phaseUs = clock.nowUs();
  }

  /** The socket failed. */
  onSocketError(error: Error): void {
    if (this.#state === 'connecting' && isPortTaken(error) && this.#local !== undefined) {
      // Somebody else on this machine holds the port: the next one is tried.
      if (++this.#takenPorts <= MAX_TAKEN_PORTS) this.#connect();
      else this.#fail(failureOf(error, 'tcp', this.#endpoint));
    } else if (this.#isBeforeConnack()) {
      this.#fail(failureOf(error, this.#phase(), this.#endpoint));
    } else {
      this.#lose('reset', detailOf(error, this.#endpoint));
    }
  }

  /** The service sent FIN, or the socket is gone. */
  onGone(how: string): void {
    if (this.#isBeforeConnack()) this.#fail(closedEarly(how, this.#phase(), this.#endpoint, this.#connackBytes()));
    else this.#lose('closed-by-server', `${how} ${addressOf(this.#endpoint)}`);
  }

  /** A socket of this link is closed for good: its only one, unless its port was taken. */
  onClosed(socket: LinkSocket, local: LocalEnd | undefined): void {
    if (local !== undefined) this.#environment.sources?.release(local);
    if (socket !== this.#socket) return;
    this.#isClosed = true;
    this.#environment.wheel.cancel(this.#timer);
    this.onGone('socket closed to');
  }

  /** Tells when the connection was asked for: what comes before, the making of a socket, is this program's own time. */
  #connect(): number {
    const { host, port } = this.#endpoint;
    const { clock, sources } = this.#environment;
    const local = sources?.take(host, port) ?? 'system';
    if (local === 'exhausted') {
      queueMicrotask(() => this.#fail(noPortLeft(this.#endpoint)));
      return clock.nowUs();
    }
    this.#local = local === 'system' ? undefined : local;
    const socket = new LinkSocket(this, this.#local);
    this.#socket = socket;
    const target = connectOptions(host, port, this.#local);
    const askedUs = clock.nowUs();
    socket.connect(target);
    return askedUs;
  }

  #onPiece(piece: Buffer): void {
    if (this.#state === 'login') this.#readConnack(piece);
    this.#client?.onBytes(piece);
  }

  #readConnack(piece: Buffer): void {
    const code = this.#connack === undefined ? codeOfWholeConnack(piece) : undefined;
    if (code !== undefined) {
      this.#answered(code);
      return;
    }
    this.#connack ??= new ConnackReader();
    const reading = this.#connack.read(piece);
    if (reading?.kind === 'malformed') this.#fail({ outcome: 'protocol-error', phase: 'mqtt', detail: reading.detail });
    else if (reading?.kind === 'code') this.#answered(reading.code);
  }

  #answered(code: number): void {
    const { clock, wheel } = this.#environment;
    const nowUs = clock.nowUs();
    this.#mqttUs = nowUs - this.#phaseUs;
    if (code !== 0) {
      this.#fail(refusal(code));
      return;
    }
    wheel.cancel(this.#timer);
    this.#phaseUs = nowUs;
    this.#state = 'accepted';
  }

  #phases(): PhaseTimes {
    return { dnsUs: -1, tcpUs: this.#tcpUs, tlsUs: -1, mqttUs: this.#mqttUs };
  }

  #phase(): 'tcp' | 'mqtt' {
    return this.#state === 'connecting' ? 'tcp' : 'mqtt';
  }

  #connackBytes(): number {
    return this.#connack?.length ?? 0;
  }

  #isBeforeConnack(): boolean {
    return this.#state === 'connecting' || this.#state === 'login';
  }

  #fail(failure: LinkFailure): void {
    if (!this.#isBeforeConnack()) return;
    const nowUs = this.#environment.clock.nowUs();
    this.#finish();
    this.#socket?.destroy();
    this.#listener.onFailed(nowUs, failure, this.#phases());
  }

  #lose(cause: EndCause, detail: string): void {
    // The service may end a session in the same breath as it accepts it: the session hears of both, in order.
    this.onConnected();
    if (this.#state !== 'online') return;
    const nowUs = this.#environment.clock.nowUs();
    this.#finish();
    this.#socket?.destroy();
    this.#listener.onEnded(nowUs, cause, detail);
  }

  /** Whichever client it is, no packet leaves: one would throw, the other would send what no service may accept. */
  #cannotSend(fault: string): undefined {
    this.#lose('protocol-error', unsendable(fault).detail);
  }

  #finish(): void {
    this.#state = 'over';
    this.#client?.stop();
    this.#environment.wheel.cancel(this.#timer);
  }

  #boundClosing(): void {
    const { wheel, clock } = this.#environment;
    wheel.start(this.#timer, clock.nowUs() + CLOSE_WAIT_US);
  }

  #whenClosed(onClosed: () => void): void {
    if (this.#socket === undefined || this.#isClosed) onClosed();
    else this.#socket.once('close', onClosed);
  }
}

/** Listeners of all lean sockets: `this` is the socket. */
function onConnect(this: LinkSocket): void {
  this.link.onOpen(this);
}

function onEnd(this: LinkSocket): void {
  this.link.onGone('FIN from');
}

function onError(this: LinkSocket, error: Error): void {
  this.link.onSocketError(error);
}

function onClose(this: LinkSocket): void {
  this.link.onClosed(this, this.local);
}
