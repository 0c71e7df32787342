import type { Socket } from 'node:net';
import { CONNACK_NAMES, type EndCause, type Phase } from '../../results/outcome.ts';
import type { Clock } from '../../time/clock.ts';
import { formatUs, US_PER_SEC } from '../../time/units.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../../time/wheel.ts';
import { addressOf, detailOf, failureOf } from '../failures.ts';
import type { Message, MessageListener, Messenger, TopicFilter } from '../mqtt/application-messages.ts';
import { ConnackReader } from '../mqtt/connack.ts';
import { filtersFault, topicFault } from '../mqtt/sendable.ts';
import type { Link, LinkFailure, LinkListener, LinkOptions, PhaseTimes } from '../port.ts';
import { readEach } from '../socket/shared-read-socket.ts';
import { type NetworkStack, type SocketEvents, SocketOpening } from '../socket/socket.ts';
import { unsendable } from './refused-link.ts';

/** How long a link that was ended waits for the peer before it closes the socket on its own. */
export const CLOSE_WAIT_US = 2 * US_PER_SEC;

/** What an MQTT client on an open socket tells its link. Anything it says after the link is over is ignored. */
export interface ClientEvents {
  /** The client has taken in CONNACK 0 and is able to send. */
  onConnected(): void;
  onProtocolError(detail: string): void;
  onKeepaliveTimeout(): void;
}

/** An MQTT client that has sent CONNECT on a socket. */
export interface LinkClient {
  /** Sends DISCONNECT, then FIN. */
  disconnect(): void;
  /** Sends no PINGREQ from now on, and does not mind. */
  silence(): void;
  /** As of the link. (MQTT.js has methods of its own by those names.) */
  readonly sendPublish: Messenger['publish'];
  readonly sendSubscribe: Messenger['subscribe'];
  /** Every piece that came, CONNACK included; a client that has its own listener on the socket leaves this out. */
  onBytes?(piece: Buffer): void;
  /** The link is over: nothing of the client may run on. */
  stop?(): void;
}

/** Starts an MQTT client on an open socket: when it returns, CONNECT is handed to the socket and leaves before the event loop turns. */
export type StartClient = (socket: Socket, options: LinkOptions, events: ClientEvents) => LinkClient;

/** What all links of a worker share. */
export interface LinkEnvironment {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly network: NetworkStack;
  readonly startClient: StartClient;
}

/**
 * `opening`: dns, tcp and tls; `login`: CONNECT is out; `accepted`: CONNACK 0 was read but the client is not ready to send yet; `online`: the session
 * knows; `over`: failed, ended by the service, or ended by the session.
 */
type State = 'opening' | 'login' | 'accepted' | 'online' | 'over';

/**
 * One connection from the socket's opening to its end, whatever MQTT client runs on it: the deadline, the first packet of the reply, which
 * outcome or end cause an event means, and that each is told exactly once.
 */
export class SocketLink implements Link, SocketEvents, ClientEvents, TimerOwner {
  readonly #environment: LinkEnvironment;
  readonly #options: LinkOptions;
  readonly #listener: LinkListener;
  readonly #phases: PhaseTimes = { dnsUs: -1, tcpUs: -1, tlsUs: -1, mqttUs: -1 };
  readonly #connack = new ConnackReader();
  /** The deadline of the opening, then the bound on closing. */
  readonly #timer = new WheelTimer(this);
  readonly #opening: SocketOpening;
  #state: State = 'opening';
  #client: LinkClient | undefined;
  #isClosed = false;
  #connectWrittenUs = 0;
  #acceptedUs = 0;

  constructor(environment: LinkEnvironment, options: LinkOptions, listener: LinkListener) {
    this.#environment = environment;
    this.#options = options;
    this.#listener = listener;
    const { clock, wheel, network } = environment;
    this.#opening = new SocketOpening(options.endpoint, network, clock, this.#phases, this, options.tls, options.proxy);
    wheel.start(this.#timer, this.startedUs + options.connectTimeoutUs - (options.spentUs ?? 0));
  }

  get startedUs(): number {
    return this.#opening.startedUs;
  }

  end(onClosed?: () => void): void {
    const before = this.#state;
    if (before !== 'over') this.#finish();
    if (before === 'online') {
      this.#client?.disconnect();
      this.#boundClosing();
    } else if (before !== 'over') {
      this.#opening.socket?.destroy();
    }
    if (onClosed !== undefined) this.#whenClosed(onClosed);
  }

  reset(): void {
    this.#finish();
    const socket = this.#opening.socket;
    if (socket === undefined || socket.destroyed) return;
    // While connecting, the RST leaves as soon as there is a connection to reset.
    this.#opening.reset();
    if (!socket.destroyed) this.#boundClosing();
  }

  close(): void {
    this.#finish();
    this.#opening.socket?.end();
    this.#boundClosing();
  }

  blackhole(): void {
    const { socket } = this.#opening;
    if (socket === undefined) return;
    stopReading(socket);
    // What is written is kept and never sent: a PINGREQ at a time, until the keepalive gives up.
    socket.cork();
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

  onOpen(socket: Socket): void {
    this.#state = 'login';
    // Before the client's own listeners, so that its work is not in the times and an errno is seen here first.
    readEach(socket, (piece) => this.#onPiece(piece));
    socket.on('end', () => this.#onGone('FIN from'));
    socket.on('error', (error) => this.#onSocketError(error));
    this.#client = this.#environment.startClient(socket, this.#options, this);
    this.#connectWrittenUs = this.#environment.clock.nowUs();
  }

  onFailed(failure: LinkFailure): void {
    this.#fail(failure);
  }

  onClosed(): void {
    this.#isClosed = true;
    this.#environment.wheel.cancel(this.#timer);
    this.#onGone('socket closed to');
  }

  onConnected(): void {
    if (this.#state !== 'accepted') return;
    this.#state = 'online';
    this.#listener.onAccepted(this.#acceptedUs, this.#phases);
  }

  onProtocolError(detail: string): void {
    if (this.#isBeforeConnack()) this.#fail({ outcome: 'protocol-error', phase: 'mqtt', detail });
    else this.#lose('protocol-error', detail);
  }

  onKeepaliveTimeout(): void {
    this.#lose('keepalive-timeout', `no answer to PINGREQ from ${addressOf(this.#options.endpoint)}`);
  }

  onTimer(): void {
    if (this.#state === 'over') this.#opening.socket?.destroy();
    else this.#fail(this.#deadlineFailure());
  }

  #onPiece(piece: Buffer): void {
    if (this.#state === 'login') this.#readConnack(piece);
    this.#client?.onBytes?.(piece);
  }

  #readConnack(chunk: Buffer): void {
    const reading = this.#connack.read(chunk);
    if (reading === undefined) return;
    if (reading.kind === 'malformed') {
      this.#fail({ outcome: 'protocol-error', phase: 'mqtt', detail: reading.detail });
      return;
    }
    const nowUs = this.#environment.clock.nowUs();
    this.#phases.mqttUs = nowUs - this.#connectWrittenUs;
    if (reading.code === 0) this.#accept(nowUs);
    else this.#refuse(reading.code);
  }

  #accept(nowUs: number): void {
    this.#environment.wheel.cancel(this.#timer);
    this.#acceptedUs = nowUs;
    this.#state = 'accepted';
  }

  #refuse(code: number): void {
    this.#fail({ outcome: `refused-${code}`, phase: 'mqtt', detail: `CONNACK ${code}: ${CONNACK_NAMES[code]}` });
  }

  #onSocketError(error: Error): void {
    const { endpoint } = this.#options;
    if (this.#isBeforeConnack()) this.#fail(failureOf(error, this.#phase(), endpoint));
    else this.#lose('reset', detailOf(error, endpoint));
  }

  #onGone(what: string): void {
    const where = addressOf(this.#options.endpoint);
    if (!this.#isBeforeConnack()) this.#lose('closed-by-server', `${what} ${where}`);
    else
      this.#fail({
        outcome: 'closed-before-connack',
        phase: this.#phase(),
        detail: `${what} ${where}${this.#partial()}`,
      });
  }

  #deadlineFailure(): LinkFailure {
    const phase = this.#phase();
    const { endpoint, connectTimeoutUs } = this.#options;
    const within = `from ${addressOf(endpoint)} within ${formatUs(connectTimeoutUs)}`;
    switch (phase) {
      case 'dns':
        return {
          outcome: 'dns-failed',
          phase,
          detail: `no address of ${endpoint.host} within ${formatUs(connectTimeoutUs)}`,
        };
      case 'tcp':
        return { outcome: 'tcp-timeout', phase, detail: `no answer ${within}` };
      case 'tls':
        return { outcome: 'tls-failed', phase, detail: `timeout: no TLS handshake ${within}` };
      default:
        return { outcome: 'connack-timeout', phase, detail: `no CONNACK ${within}${this.#partial()}` };
    }
  }

  #partial(): string {
    return this.#connack.length === 0 ? '' : `, ${this.#connack.length} of 4 bytes of CONNACK came`;
  }

  #phase(): Phase {
    return this.#state === 'opening' ? this.#opening.phase : 'mqtt';
  }

  #isBeforeConnack(): boolean {
    return this.#state === 'opening' || this.#state === 'login';
  }

  #fail(failure: LinkFailure): void {
    if (!this.#isBeforeConnack()) return;
    const nowUs = this.#environment.clock.nowUs();
    this.#finish();
    this.#opening.socket?.destroy();
    this.#listener.onFailed(nowUs, failure, this.#phases);
  }

  #lose(cause: EndCause, detail: string): void {
    // The service may end a session in the same breath as it accepts it: the session hears of both, in order.
    this.onConnected();
    if (this.#state !== 'online') return;
    const nowUs = this.#environment.clock.nowUs();
    this.#finish();
    this.#opening.socket?.destroy();
    this.#listener.onEnded(nowUs, cause, detail);
  }

  /** Whichever client it is, no packet leaves: one would throw, the other would send what no service may accept. */
  #cannotSend(fault: string): undefined {
    this.#lose('protocol-error', unsendable(fault).detail);
  }

  #finish(): void {
    this.#state = 'over';
    this.#opening.abandon();
    this.#client?.stop?.();
    this.#environment.wheel.cancel(this.#timer);
  }

  #boundClosing(): void {
    const { wheel, clock } = this.#environment;
    wheel.start(this.#timer, clock.nowUs() + CLOSE_WAIT_US);
  }

  #whenClosed(onClosed: () => void): void {
    const socket = this.#opening.socket;
    if (socket === undefined || this.#isClosed) onClosed();
    else socket.once('close', onClosed);
  }
}

/**
 * Pausing a stream is not enough: the socket below it goes on reading until a buffer is full, and tells of FIN and RST, which nobody
 * behind a dead network hears of. Node has no public way to stop that.
 */
function stopReading(socket: Socket & { readonly _handle?: { readStop?(): void } | null }): void {
  socket.pause();
  socket._handle?.readStop?.();
}
