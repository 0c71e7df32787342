import type { AttemptRecord, AuthPhases } from '../../metrics/measure/attempt-record.ts';
import type { EndCause } from '../../results/outcome.ts';
import type { Clock } from '../../time/clock.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../../time/wheel.ts';
import { unopened } from '../life/unopened-link.ts';
import type { ApplicationMessage, MessageListener, TopicFilter } from '../mqtt/application-messages.ts';
import type {
  Endpoint,
  IssuedToken,
  Link,
  LinkFactory,
  LinkFailure,
  LinkListener,
  LinkLogin,
  LinkOptions,
} from '../port.ts';
import type { AuthClient } from './auth-client.ts';
import type { AuthEvents, AuthExchange } from './auth-exchange.ts';
import { authDeadlineFailure, forbiddenHostFailure, replyFailure } from './auth-failures.ts';
import type { AuthReply } from './auth-reply.ts';

/** The outcome of an invalid or expired token (docs/protocol.md section 3). */
const TOKEN_REFUSED = 'refused-3';

/** What links with an HTTPS login need in addition. */
export interface TokenLinkServices {
  /** Opens the MQTT connection once there is a token. */
  readonly links: LinkFactory;
  readonly auth: AuthClient;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  /** Whether devices connect to the endpoint that the reply names. */
  readonly followsResources: boolean;
  /** Whether a host that a reply names may be loaded. */
  isAllowedHost(host: string): boolean;
}

/** Performs an HTTPS login before links that ask for one; the others are opened as they are. */
export class TokenLinkFactory implements LinkFactory {
  readonly #services: TokenLinkServices;

  constructor(services: TokenLinkServices) {
    this.#services = services;
  }

  open(options: LinkOptions, listener: LinkListener): Link {
    const { login } = options;
    if (login === undefined || options.unusable !== undefined) return this.#services.links.open(options, listener);
    return new TokenLink(this.#services, options, login, listener);
  }
}

/** A login and its connection as one link: one deadline for both, one set of phases, one outcome. */
class TokenLink implements Link, LinkListener, AuthEvents, TimerOwner {
  readonly #services: TokenLinkServices;
  readonly #options: LinkOptions;
  readonly #login: LinkLogin;
  readonly #listener: LinkListener;
  #startedUs = -1;
  readonly #deadline = new WheelTimer(this);
  /** Undefined if the device had a token and did not log in. */
  #phases: AuthPhases | undefined;
  #exchange: AuthExchange | undefined;
  #link: Link | undefined;
  /** Where the reply of the login sent the device. */
  #sentTo: Endpoint | undefined;

  constructor(services: TokenLinkServices, options: LinkOptions, login: LinkLogin, listener: LinkListener) {
    this.#services = services;
    this.#options = options;
    this.#login = login;
    this.#listener = listener;
    const token = login.stored(services.clock.nowUs());
    if (token === undefined) this.#logIn();
    else this.#startedUs = this.#connect(token, 0).startedUs;
  }

  get startedUs(): number {
    return this.#startedUs;
  }

  end(onClosed?: () => void): void {
    if (this.#link !== undefined) {
      this.#link.end(onClosed);
      return;
    }
    this.#giveUp();
    onClosed?.();
  }

  reset(): void {
    if (this.#link === undefined) this.#giveUp();
    else this.#link.reset();
  }

  close(): void {
    this.#link?.close();
  }

  blackhole(): void {
    this.#link?.blackhole();
  }

  silence(): void {
    this.#link?.silence();
  }

  publish(message: ApplicationMessage, listener: MessageListener): number | undefined {
    return this.#link?.publish(message, listener);
  }

  subscribe(filters: readonly TopicFilter[], listener: MessageListener): number | undefined {
    return this.#link?.subscribe(filters, listener);
  }

  onAuthReply(reply: AuthReply): void {
    const code = codeOf(reply);
    if (code !== undefined) this.#login.onReply(code);
    if (reply.kind !== 'issued') {
      this.#fail(replyFailure(reply));
      return;
    }
    const host = this.#followed(reply.token)?.host;
    if (host !== undefined && !this.#services.isAllowedHost(host)) {
      this.#fail(forbiddenHostFailure(host));
      return;
    }
    const nowUs = this.#services.clock.nowUs();
    this.#services.wheel.cancel(this.#deadline);
    this.#exchange = undefined;
    this.#login.onIssued(reply.token, nowUs);
    this.#connect(reply.token, nowUs - this.#startedUs);
  }

  onAuthFailed(failure: LinkFailure): void {
    this.#fail(failure);
  }

  onTimer(): void {
    const { endpoint } = this.#services.auth;
    this.#fail(
      authDeadlineFailure(this.#exchange?.stage ?? 'http', endpoint, this.#options.connection.connectTimeoutUs),
    );
  }

  onAccepted(attempt: AttemptRecord): void {
    this.#listener.onAccepted(this.#withLogin(attempt));
  }

  onFailed(attempt: AttemptRecord): void {
    if (attempt.outcome === TOKEN_REFUSED) this.#login.onRefused();
    this.#listener.onFailed(this.#withLogin(attempt));
  }

  onEnded(atUs: number, cause: EndCause, detail: string): void {
    this.#listener.onEnded(atUs, cause, detail);
  }

  #logIn(): void {
    const { wheel, auth } = this.#services;
    this.#phases = { authUs: -1, authDnsUs: -1, authTcpUs: -1, authTlsUs: -1, authHttpUs: -1 };
    this.#exchange = auth.post(this.#login.request(), this.#phases, this, this.#options.authContext);
    this.#startedUs = this.#exchange.startedUs;
    wheel.start(this.#deadline, this.#startedUs + this.#options.connection.connectTimeoutUs);
  }

  #connect(token: IssuedToken, spentUs: number): Link {
    const { iotId: username, iotToken: password } = token;
    this.#sentTo = this.#followed(token);
    const endpoint = this.#sentTo ?? this.#options.endpoint;
    const link = this.#services.links.open({ ...this.#options, endpoint, username, password, spentUs }, this);
    this.#link = link;
    return link;
  }

  /** The endpoint named by the reply, if it is to be followed. */
  #followed({ endpoint }: IssuedToken): Endpoint | undefined {
    return this.#services.followsResources ? endpoint : undefined;
  }

  /** The connection's attempt, extended by the login. */
  #withLogin(attempt: AttemptRecord): AttemptRecord {
    return { ...attempt, startedUs: this.#startedUs, auth: this.#phases, sentTo: this.#sentTo };
  }

  #fail(failure: LinkFailure): void {
    const nowUs = this.#services.clock.nowUs();
    this.#giveUp();
    this.#listener.onFailed(unopened(failure, this.#startedUs, nowUs, this.#phases));
  }

  #giveUp(): void {
    this.#services.wheel.cancel(this.#deadline);
    this.#exchange?.abandon();
    this.#exchange = undefined;
  }
}

function codeOf(reply: AuthReply): number | undefined {
  if (reply.kind === 'issued') return 200;
  return reply.kind === 'code' ? reply.code : undefined;
}
