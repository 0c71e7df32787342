import { type AuthAddress, AuthService } from '../link/auth/auth-client.ts';
import type { AuthConnections } from '../link/auth/auth-connections.ts';
import { TokenLinkFactory } from '../link/auth/token-link.ts';
import type { LinkFactory } from '../link/port.ts';
import type { ClientCertificate } from '../link/socket/client-certificate.ts';
import { isAllowedHost } from '../link/socket/remote-hosts.ts';
import type { NetworkStack } from '../link/socket/socket.ts';
import { secureContextOf, type TlsLayer, type TlsSettings } from '../link/socket/tls.ts';
import type { Clock } from '../time/clock.ts';
import type { TimerWheel } from '../time/wheel.ts';

/** How the devices of a run reach the service. Plain data; may hold a private key, so it is never printed. */
export interface ServiceAccess {
  /** Undefined: nothing of the run uses TLS. */
  readonly tls?: TlsSettings | undefined;
  /** Undefined: nobody logs in over HTTPS. */
  readonly auth?: AuthAddress | undefined;
  readonly authConnections: AuthConnections;
  readonly followsResources: boolean;
  /** Hosts beside this machine that replies may send devices to. */
  readonly allowedHosts: readonly string[];
}

/** What a worker makes its links with. */
export interface AccessServices {
  readonly links: LinkFactory;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly network: NetworkStack;
}

/** The access of one worker: TLS parsed once, one client of the auth service. */
export class WorkerAccess {
  readonly links: LinkFactory;
  /** For connections of devices without a certificate of their own; undefined when nothing uses TLS. */
  readonly tls: TlsLayer | undefined;
  readonly sessionResumption: boolean;
  readonly #settings: TlsSettings | undefined;
  readonly #auth: AuthService | undefined;

  /** Throws when a certificate cannot be parsed. */
  constructor(access: ServiceAccess, { links, clock, wheel, network }: AccessServices) {
    const { tls, auth: address, authConnections: connections, followsResources, allowedHosts } = access;
    this.#settings = tls;
    this.sessionResumption = tls?.sessionResumption === true;
    this.tls = tls === undefined ? undefined : layerOf(tls);
    if (address === undefined) {
      this.links = links;
      return;
    }
    // The name to expect is that of the MQTT service; the auth service is another host.
    const authTls = this.tls === undefined ? undefined : { context: this.tls.context, verify: this.tls.verify };
    this.#auth = new AuthService({ address, connections, clock, wheel, network, tls: authTls });
    this.links = new TokenLinkFactory({
      links,
      auth: this.#auth,
      clock,
      wheel,
      followsResources,
      isAllowedHost: (host) => isAllowedHost(host, allowedHosts),
    });
  }

  /** TLS for a device that has a certificate of its own. Throws a `ClientCertificateError` when that is of no use. */
  tlsWith(certificate: ClientCertificate): TlsLayer | undefined {
    return this.#settings === undefined ? undefined : layerOf(this.#settings, certificate);
  }

  close(): void {
    this.#auth?.close();
  }
}

function layerOf(settings: TlsSettings, client = settings.client): TlsLayer {
  const { verify, serverName, alpn } = settings;
  return { context: secureContextOf(settings, client), verify, serverName, alpn };
}
