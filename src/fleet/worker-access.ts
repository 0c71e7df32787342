import type { AuthClient } from '../link/auth/auth-client.ts';
import { TokenLinkFactory } from '../link/auth/token-link.ts';
import type { LinkFactory } from '../link/port.ts';
import type { ClientCertificate } from '../link/socket/client-certificate.ts';
import { isAllowedHost } from '../link/socket/remote-hosts.ts';
import type { NetworkStack } from '../link/socket/socket.ts';
import { secureContextOf, type TlsLayer, type TlsSettings } from '../link/socket/tls.ts';
import type { Clock } from '../time/clock.ts';
import type { TimerWheel } from '../time/wheel.ts';
import type { LinkModules } from './link-modules.ts';
import type { ServiceAccess } from './protocol.ts';

/** What a worker makes its links with. */
export interface AccessServices {
  readonly links: LinkFactory;
  /** Needed where the access names an auth service. */
  readonly AuthClient?: LinkModules['AuthClient'];
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
  readonly #auth: AuthClient | undefined;

  /** Throws when a certificate cannot be parsed. */
  constructor(access: ServiceAccess, { links, AuthClient, clock, wheel, network }: AccessServices) {
    const { tls, auth: address, authConnections: connections, followsResources, allowedHosts } = access;
    this.#settings = tls;
    this.sessionResumption = tls?.sessionResumption === true;
    this.tls = tls === undefined ? undefined : layerOf(tls);
    if (address === undefined) {
      this.links = links;
      return;
    }
    if (AuthClient === undefined) throw new Error('an auth service is named, and the client for it is not loaded');
    // The name to expect is that of the MQTT service; the auth service is another host.
    const authTls = this.tls === undefined ? undefined : { context: this.tls.context, verify: this.tls.verify };
    this.#auth = new AuthClient({ address, connections, clock, wheel, network, tls: authTls });
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
