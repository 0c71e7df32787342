import { isIP } from 'node:net';
import type { Clock } from '../../time/clock.ts';
import type { TimerWheel } from '../../time/wheel.ts';
import { RefusedLink, refusalOf } from '../life/refused-link.ts';
import { type LinkEnvironment, SocketLink } from '../life/socket-link.ts';
import type { Link, LinkFactory, LinkListener, LinkOptions } from '../port.ts';
import { SharedReadSocket } from '../socket/shared-read-socket.ts';
import { systemNetwork } from '../socket/socket.ts';
import type { SourcePool } from '../socket/source-addresses.ts';
import { LeanClient } from './lean-client.ts';
import type { LeanEnvironment } from './lean-environment.ts';
import { LeanLink } from './lean-link.ts';

/** What the links of a worker are made with. */
export interface LeanLinkServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  /** Undefined: the system chooses where connections come from. */
  readonly sources?: SourcePool | undefined;
}

/** Opens links whose MQTT, version 3.1.1, is this program's own: a fraction of the CPU and memory of a full client library. */
export class LeanLinkFactory implements LinkFactory {
  readonly #environment: LinkEnvironment;
  /** Plain TCP to an address: what is counted in microseconds. */
  readonly #plain: LeanEnvironment;
  /** Under TLS the bytes come from the TLS layer, which needs an ordinary socket. */
  readonly #secured: LinkEnvironment;

  constructor({ clock, wheel, sources }: LeanLinkServices) {
    this.#plain = { clock, wheel, sources };
    this.#environment = {
      clock,
      wheel,
      network: {
        ...systemNetwork,
        sources,
        newSocket: () => new SharedReadSocket(),
      },
      startClient: (socket, options, events) => new LeanClient(socket, options, events, clock, wheel),
    };
    this.#secured = { ...this.#environment, network: { ...systemNetwork, sources } };
  }

  open(options: LinkOptions, listener: LinkListener): Link {
    const refusal = refusalOf(options);
    if (refusal !== undefined) return new RefusedLink(this.#plain.clock, refusal, listener);
    if (options.tls !== undefined) return new SocketLink(this.#secured, options, listener);
    if (isIP(options.endpoint.host) === 0 || options.proxy !== undefined)
      return new SocketLink(this.#environment, options, listener);
    return new LeanLink(this.#plain, options, listener);
  }
}
