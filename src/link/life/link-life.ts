import type { Socket } from 'node:net';
import type { AttemptRecord, SocketPhases } from '../../metrics/measure/attempt-record.ts';
import type { EndCause, Outcome, Phase } from '../../results/outcome.ts';
import type { Clock } from '../../time/clock.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../../time/wheel.ts';
import { addressOf, closedEarly, deadlineFailure, detailOf, failureOf, protocolError, refusal } from '../failures.ts';
import type { ApplicationMessage, MessageListener, TopicFilter } from '../mqtt/application-messages.ts';
import { ConnackReader, codeOfWholeConnack } from '../mqtt/connack.ts';
import { filtersFault, topicFault } from '../mqtt/sendable.ts';
import type { Endpoint, Link, LinkFailure, LinkListener, LinkOptions } from '../port.ts';
import { stopReading } from '../socket/stop-reading.ts';
import type { ClientEvents, LinkClient } from './mqtt-client.ts';
import { unsendable } from './unopened-link.ts';

/** How long an ended link waits for the peer before it closes the socket itself. */
export const CLOSE_WAIT_US = 2 * US_PER_SEC;

/** What every link of a worker needs. */
export interface LifeServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}

/**
 * `opening`: dns, tcp and tls; `login`: CONNECT is out; `accepted`: CONNACK 0 was read but the client is not ready to send yet; `online`:
 * the session has been notified; `over`: failed, ended by the service, or ended by the session.
 */
type State = 'opening' | 'login' | 'accepted' | 'online' | 'over';

/**
 * The life of one MQTT connection, whatever its socket and its client: the deadline, the first packet of the reply, closing, and what each
 * event means, reported exactly once.
 *
 * | event            | before CONNACK                       | afterwards          |
 * |------------------|--------------------------------------|---------------------|
 * | error of socket  | by errno and phase (`failureOf`)     | `reset`             |
 * | FIN, close       | `closed-before-connack`              | `closed-by-server`  |
 * | not MQTT         | `protocol-error`                     | `protocol-error`    |
 * | nothing in time  | by phase (`deadlineFailure`)         | `keepalive-timeout` |
 * | CONNACK          | `accepted`, `refused-N`              | `protocol-error`    |
 *
 * A base class rather than a separate object: every microsecond and byte of a login counts, so its fields live in the link itself.
 */
export abstract class LinkLife<Services extends LifeServices> implements Link, ClientEvents, TimerOwner {
  protected readonly services: Services;
  protected readonly endpoint: Endpoint;
  readonly #listener: LinkListener;
  readonly #connectTimeoutUs: number;
  /** Undefined once CONNECT is written: an online session needs no names and passwords. */
  #options: LinkOptions | undefined;
  /** The deadline of the opening, then the bound on closing. */
  readonly #timer = new WheelTimer(this);
  #state: State = 'opening';
  #client: LinkClient | undefined;
  /** Created only if CONNACK comes in pieces or is malformed. */
  #connack: ConnackReader | undefined;
  #isClosed = false;
  #startedUs = -1;
  /** When CONNECT was written, then when CONNACK was read. */
  #loginUs = -1;
  #mqttUs = -1;

  constructor(services: Services, options: LinkOptions, listener: LinkListener) {
    this.services = services;
    this.endpoint = options.endpoint;
    this.#connectTimeoutUs = options.connection.connectTimeoutUs;
    this.#options = options;
    this.#listener = listener;
  }

  /** The socket that carries MQTT; undefined before it exists. */
  protected abstract readonly socket: Socket | undefined;

  /** How long each part of the opening took. */
  protected abstract readonly opened: SocketPhases;

  /** The part of the opening that is under way. */
  protected abstract readonly openingPhase: 'dns' | 'tcp' | 'tls';

  protected abstract startClient(socket: Socket, options: LinkOptions): LinkClient;

  /** Closes with RST, as soon as there is a connection to reset. Called with a socket that is not destroyed. */
  protected abstract resetSocket(): void;

  /** The link is over: the opening must not report anything more. */
  protected abandonOpening(): void {
    // By default an opening has nothing under way but its socket.
  }

  get startedUs(): number {
    return this.#startedUs;
  }

  end(onClosed?: () => void): void {
    const before = this.#state;
    if (before !== 'over') this.#finish();
    if (before === 'online') {
      this.#client?.disconnect();
      this.#boundClosing();
    } else if (before !== 'over') {
      this.socket?.destroy();
    }
    if (onClosed !== undefined) this.#whenClosed(onClosed);
  }

  reset(): void {
    this.#finish();
    const { socket } = this;
    if (socket === undefined || socket.destroyed) return;
    // While connecting, the RST leaves as soon as there is a connection to reset.
    this.resetSocket();
    if (!socket.destroyed) this.#boundClosing();
  }

  close(): void {
    this.#finish();
    this.socket?.end();
    this.#boundClosing();
  }

  blackhole(): void {
    const { socket } = this;
    if (socket === undefined) return;
    stopReading(socket);
    // Whatever is written is held back: at most one PINGREQ, until the keepalive gives up.
    socket.cork();
  }

  silence(): void {
    this.#client?.silence();
  }

  publish(message: ApplicationMessage, listener: MessageListener): number | undefined {
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
    this.#listener.onAccepted(this.#record('accepted', undefined, undefined, this.#loginUs));
  }

  onProtocolError(detail: string): void {
    if (this.isBeforeConnack) this.fail(protocolError(detail));
    else this.#lose('protocol-error', detail);
  }

  onKeepaliveTimeout(): void {
    this.#lose('keepalive-timeout', `no answer to PINGREQ from ${addressOf(this.endpoint)}`);
  }

  onTimer(): void {
    if (this.#state === 'over') this.socket?.destroy();
    else this.fail(deadlineFailure(this.#phase(), this.endpoint, this.#connectTimeoutUs, this.#connackBytes()));
  }

  /** The first phase started at this instant, from which the deadline counts. Called once, when the link is created. */
  protected begin(startedUs: number): void {
    this.#startedUs = startedUs;
    const spentUs = this.#options?.spentUs ?? 0;
    this.services.wheel.start(this.#timer, startedUs + this.#connectTimeoutUs - spentUs);
  }

  protected get isOpening(): boolean {
    return this.#state === 'opening';
  }

  protected get isBeforeConnack(): boolean {
    return this.#state === 'opening' || this.#state === 'login';
  }

  /** The connection is open: CONNECT leaves now. */
  protected logIn(socket: Socket): void {
    if (this.#options === undefined) return;
    this.#state = 'login';
    this.#client = this.startClient(socket, this.#options);
    this.#options = undefined;
    this.#loginUs = this.services.clock.nowUs();
  }

  /** Bytes came. */
  protected received(piece: Buffer): void {
    if (this.#state === 'login') this.#readConnack(piece);
    this.#client?.onBytes?.(piece);
  }

  /** The socket has failed. */
  protected socketFailed(error: Error): void {
    if (this.isBeforeConnack) this.fail(failureOf(error, this.#phase(), this.endpoint));
    else this.#lose('reset', detailOf(error, this.endpoint));
  }

  /** The service sent FIN. */
  protected finished(): void {
    this.#gone('FIN from');
  }

  /** The socket is closed for good. */
  protected closed(): void {
    this.#isClosed = true;
    this.services.wheel.cancel(this.#timer);
    this.#gone('socket closed to');
  }

  protected fail({ outcome, phase, detail }: LinkFailure): void {
    if (!this.isBeforeConnack) return;
    const nowUs = this.services.clock.nowUs();
    this.#finish();
    this.socket?.destroy();
    this.#listener.onFailed(this.#record(outcome, phase, detail, nowUs));
  }

  #lose(cause: EndCause, detail: string): void {
    // The service may accept and end a session at once: the session is notified of both, in order.
    this.onConnected();
    if (this.#state !== 'online') return;
    const nowUs = this.services.clock.nowUs();
    this.#finish();
    this.socket?.destroy();
    this.#listener.onEnded(nowUs, cause, detail);
  }

  #gone(how: string): void {
    if (this.isBeforeConnack) this.fail(closedEarly(how, this.#phase(), this.endpoint, this.#connackBytes()));
    else this.#lose('closed-by-server', `${how} ${addressOf(this.endpoint)}`);
  }

  /** With either client, no packet is sent: one would throw, the other would send something no service may accept. */
  #cannotSend(fault: string): undefined {
    this.#lose('protocol-error', unsendable(fault).detail);
  }

  #readConnack(piece: Buffer): void {
    const code = this.#connack === undefined ? codeOfWholeConnack(piece) : undefined;
    if (code !== undefined) {
      this.#answered(code);
      return;
    }
    this.#connack ??= new ConnackReader();
    const reading = this.#connack.read(piece);
    if (reading?.kind === 'malformed') this.fail(protocolError(reading.detail));
    else if (reading?.kind === 'code') this.#answered(reading.code);
  }

  #answered(code: number): void {
    const { clock, wheel } = this.services;
    const nowUs = clock.nowUs();
    this.#mqttUs = nowUs - this.#loginUs;
    if (code !== 0) {
      this.fail(refusal(code));
      return;
    }
    wheel.cancel(this.#timer);
    this.#loginUs = nowUs;
    this.#state = 'accepted';
  }

  #record(outcome: Outcome, failedIn: Phase | undefined, detail: string | undefined, endedUs: number): AttemptRecord {
    const { startedUs } = this;
    const { dnsUs, tcpUs, tlsUs } = this.opened;
    const mqttUs = this.#mqttUs;
    return { outcome, failedIn, detail, startedUs, endedUs, dnsUs, tcpUs, tlsUs, mqttUs, auth: undefined };
  }

  #phase(): Phase {
    return this.#state === 'opening' ? this.openingPhase : 'mqtt';
  }

  #connackBytes(): number {
    return this.#connack?.length ?? 0;
  }

  #finish(): void {
    this.#state = 'over';
    this.abandonOpening();
    this.#client?.stop?.();
    this.services.wheel.cancel(this.#timer);
  }

  #boundClosing(): void {
    const { wheel, clock } = this.services;
    wheel.start(this.#timer, clock.nowUs() + CLOSE_WAIT_US);
  }

  #whenClosed(onClosed: () => void): void {
    const { socket } = this;
    if (socket === undefined || this.#isClosed) onClosed();
    else socket.once('close', onClosed);
  }
}
