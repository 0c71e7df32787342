import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Client, type Dispatcher, Pool } from 'undici';
import type { AuthPhases } from '../../metrics/measure/attempt-record.ts';
import type { Clock } from '../../time/clock.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../../time/wheel.ts';
import type { Endpoint, LinkFailure } from '../port.ts';
import { withoutRootDot } from '../socket/host-name.ts';
import { type NetworkStack, type SocketEvents, SocketOpening } from '../socket/socket.ts';
import type { TlsLayer } from '../socket/tls.ts';
import type { AuthConnections } from './auth-connections.ts';
import { type AuthEvents, type AuthExchange, HttpExchange } from './auth-exchange.ts';
import {
  AuthOpeningError,
  type AuthStage,
  asAuthFailure,
  authDeadlineFailure,
  MAX_REPLY_BYTES,
} from './auth-failures.ts';
import type { AuthReply } from './auth-reply.ts';

/** Address of the auth service. */
export interface AuthAddress extends Endpoint {
  readonly isSecure: boolean;
  /** `/auth/devicename` */
  readonly path: string;
}

/** Connections of one worker's pool. */
export const POOL_CONNECTIONS = 16;
/** Time allowed for opening a connection of the pool, whichever login asked for it. */
const POOL_OPENING_US = 10 * US_PER_SEC;

/** What the auth client of a worker is created with. */
export interface AuthClientServices {
  readonly address: AuthAddress;
  readonly connections: AuthConnections;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly network: NetworkStack;
  /** For `https`. */
  readonly tls?: TlsLayer | undefined;
}

/** Sends login requests to one auth service. The caller handles deadlines. */
export class AuthClient {
  readonly #services: AuthClientServices;
  readonly #origin: string;
  readonly #pool: Pool | undefined;

  constructor(services: AuthClientServices) {
    const { host, port, isSecure } = services.address;
    this.#services = services;
    this.#origin = `${isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : withoutRootDot(host)}:${port}`;
    if (services.connections === 'pooled') this.#pool = this.#makePool();
  }

  get endpoint(): Endpoint {
    return this.#services.address;
  }

  /**
   * Posts a signed form. Fills `phases`; on pooled connections dns, tcp and tls are omitted, because they belong to no particular login.
   * `context` holds the certificate of a device that has one of its own.
   */
  post(body: string, phases: AuthPhases, events: AuthEvents, context?: SecureContext): AuthExchange {
    const { clock } = this.#services;
    const request = this.#request(body, this.#pool === undefined);
    if (this.#pool === undefined) {
      const own = new OwnConnection(this.#services, this.#origin, phases, events, context);
      own.send(request);
      return own;
    }
    const exchange = new HttpExchange(this.endpoint, clock, phases, events);
    this.#pool.dispatch(request, exchange);
    return exchange;
  }

  /** Closes kept connections. */
  close(): void {
    this.#pool?.destroy(null, ignore);
  }

  #request(body: string, isLast: boolean): Dispatcher.DispatchOptions {
    return {
      method: 'POST',
      path: this.#services.address.path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'user-agent': 'fleetstorm',
      },
      body,
      reset: isLast,
    };
  }

  #makePool(): Pool {
    return new Pool(this.#origin, {
      ...CLIENT_OPTIONS,
      connections: POOL_CONNECTIONS,
      connect: (_options, done) => {
        new PooledOpening(this.#services, done);
      },
    });
  }
}

/** The login's deadline applies; the client's own timeouts are off. */
const CLIENT_OPTIONS = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: MAX_REPLY_BYTES } as const;

type Connected = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

/** A login on a connection of its own, which ends with it. */
class OwnConnection implements AuthExchange, AuthEvents {
  readonly #services: AuthClientServices;
  readonly #phases: AuthPhases;
  readonly #events: AuthEvents;
  readonly #context: SecureContext | undefined;
  readonly #exchange: HttpExchange;
  readonly #client: Client;
  #opening: SocketOpening | undefined;

  constructor(
    services: AuthClientServices,
    origin: string,
    phases: AuthPhases,
    events: AuthEvents,
    context: SecureContext | undefined,
  ) {
    this.#services = services;
    this.#phases = phases;
    this.#events = events;
    this.#context = context;
    this.#client = new Client(origin, { ...CLIENT_OPTIONS, connect: (_options, done) => this.#open(done) });
    this.#exchange = new HttpExchange(services.address, services.clock, phases, this);
  }

  get startedUs(): number {
    return this.#exchange.startedUs;
  }

  get stage(): AuthStage {
    return this.#exchange.isSent ? 'http' : (this.#opening?.phase ?? 'dns');
  }

  send(request: Dispatcher.DispatchOptions): void {
    this.#client.dispatch(request, this.#exchange);
  }

  abandon(): void {
    this.#exchange.abandon();
    this.#end();
  }

  onAuthReply(reply: AuthReply): void {
    this.#end();
    this.#events.onAuthReply(reply);
  }

  /** A failed opening arrives here too, through the HTTP client. */
  onAuthFailed(failure: LinkFailure): void {
    this.#end();
    this.#events.onAuthFailed(failure);
  }

  #open(done: Connected): void {
    const { address, network, clock, tls } = this.#services;
    const layer = tls === undefined || this.#context === undefined ? tls : { ...tls, context: this.#context };
    const events: SocketEvents = {
      onOpen: (socket) => {
        this.#takePhases();
        done(null, socket);
      },
      onFailed: (failure) => {
        this.#takePhases();
        done(new AuthOpeningError(asAuthFailure(failure)), null);
      },
      onClosed: ignore,
    };
    this.#opening = new SocketOpening({ endpoint: address, tls: layer }, network, clock, events);
  }

  #end(): void {
    this.#opening?.abandon();
    this.#opening?.socket?.destroy();
    this.#client.destroy(null, ignore);
  }

  #takePhases(): void {
    if (this.#opening === undefined) return;
    this.#phases.authDnsUs = this.#opening.dnsUs;
    this.#phases.authTcpUs = this.#opening.tcpUs;
    this.#phases.authTlsUs = this.#opening.tlsUs;
  }
}

/** A pool connection being opened, with its own deadline. */
class PooledOpening implements SocketEvents, TimerOwner {
  readonly #services: AuthClientServices;
  readonly #done: Connected;
  readonly #timer = new WheelTimer(this);
  readonly #opening: SocketOpening;

  constructor(services: AuthClientServices, done: Connected) {
    const { address, network, clock, wheel, tls } = services;
    this.#services = services;
    this.#done = done;
    wheel.start(this.#timer, clock.nowUs() + POOL_OPENING_US);
    this.#opening = new SocketOpening({ endpoint: address, tls }, network, clock, this);
  }

  onOpen(socket: Socket): void {
    this.#services.wheel.cancel(this.#timer);
    this.#done(null, socket);
  }

  onFailed(failure: LinkFailure): void {
    this.#fail(asAuthFailure(failure));
  }

  onClosed(): void {
    this.#services.wheel.cancel(this.#timer);
  }

  onTimer(): void {
    this.#opening.abandon();
    this.#fail(authDeadlineFailure(this.#opening.phase, this.#services.address, POOL_OPENING_US));
  }

  #fail(failure: LinkFailure): void {
    this.#services.wheel.cancel(this.#timer);
    this.#opening.socket?.destroy();
    this.#done(new AuthOpeningError(failure), null);
  }
}

function ignore(): void {
  // The end of a connection needs no report: requests under way on it have already failed.
}
