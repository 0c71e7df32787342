import type { Clock } from '../../time/clock.ts';
import type { TimerWheel } from '../../time/wheel.ts';
import { SocketLink, type SocketLinkServices } from '../life/socket-link.ts';
import { UnopenedLink, whyUnopened } from '../life/unopened-link.ts';
import type { Link, LinkFactory, LinkListener, LinkOptions } from '../port.ts';
import { type NetworkStack, systemNetwork } from '../socket/socket.ts';
import type { SourcePool } from '../socket/source-addresses.ts';
import { MqttJsClient } from './mqttjs-client.ts';
import { PacketSocket } from './packet-socket.ts';

const packetNetwork: NetworkStack = { ...systemNetwork, newSocket: () => new PacketSocket() };

/** What the links of a worker are created with. */
export interface MqttJsLinkServices {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  /** The system's, unless a test simulates an error that is rare on a real network. */
  readonly network?: NetworkStack;
  /** Undefined: the system chooses where connections come from. */
  readonly sources?: SourcePool | undefined;
}

/** Opens links whose MQTT is MQTT.js, version 3.1.1. */
export class MqttJsLinkFactory implements LinkFactory {
  readonly #services: SocketLinkServices;

  constructor({ clock, wheel, network = packetNetwork, sources }: MqttJsLinkServices) {
    this.#services = {
      clock,
      wheel,
      network: { ...network, sources: sources ?? network.sources },
      startClient: (socket, options, events) => new MqttJsClient(socket, options, events, clock, wheel),
    };
  }

  open(options: LinkOptions, listener: LinkListener): Link {
    const failure = whyUnopened(options);
    if (failure !== undefined) return new UnopenedLink(this.#services.clock, failure, listener);
    return new SocketLink(this.#services, options, listener);
  }
}
