import { isIP } from 'node:net';
import { SocketLink, type SocketLinkServices } from '../life/socket-link.ts';
import { UnopenedLink, whyUnopened } from '../life/unopened-link.ts';
import type { Link, LinkFactory, LinkListener, LinkOptions } from '../port.ts';
import { SharedReadSocket } from '../socket/shared-read-socket.ts';
import { systemNetwork } from '../socket/socket.ts';
import { LeanClient } from './lean-client.ts';
import { LeanLink, type LeanLinkServices } from './lean-link.ts';

/** Opens links whose MQTT, version 3.1.1, is this program's own: a fraction of the CPU and memory of a full client library. */
export class LeanLinkFactory implements LinkFactory {
  readonly #named: SocketLinkServices;
  /** Services for plain TCP to an address, where microseconds matter. */
  readonly #plain: LeanLinkServices;
  /** Under TLS the bytes come from the TLS layer, which needs an ordinary socket. */
  readonly #secured: SocketLinkServices;

  constructor({ clock, wheel, sources }: LeanLinkServices) {
    this.#plain = { clock, wheel, sources };
    this.#named = {
      clock,
      wheel,
      network: {
        ...systemNetwork,
        sources,
        newSocket: () => new SharedReadSocket(),
      },
      startClient: (socket, options, events) => new LeanClient(socket, options, events, clock, wheel),
    };
    this.#secured = { ...this.#named, network: { ...systemNetwork, sources } };
  }

  open(options: LinkOptions, listener: LinkListener): Link {
    const failure = whyUnopened(options);
    if (failure !== undefined) return new UnopenedLink(this.#plain.clock, failure, listener);
    if (options.tls !== undefined) return new SocketLink(this.#secured, options, listener);
    if (isIP(options.endpoint.host) === 0 || options.proxy !== undefined)
      return new SocketLink(this.#named, options, listener);
    return new LeanLink(this.#plain, options, listener);
  }
}
