import type { Socket } from 'node:net';
import type { LinkFailure, LinkListener, LinkOptions } from '../port.ts';
import { readEach } from '../socket/shared-read-socket.ts';
import { type NetworkStack, type SocketEvents, SocketOpening } from '../socket/socket.ts';
import { type LifeServices, LinkLife } from './link-life.ts';
import type { ClientEvents, LinkClient } from './mqtt-client.ts';

/**
 * Starts an MQTT client on an open socket: when it returns, CONNECT has been handed to the socket and leaves before the event loop turns.
 */
export type StartClient = (socket: Socket, options: LinkOptions, events: ClientEvents) => LinkClient;

/** What the socket links of a worker share. */
export interface SocketLinkServices extends LifeServices {
  readonly network: NetworkStack;
  readonly startClient: StartClient;
}

/** A link over any connection: to a name or an address, plain or under TLS, behind a PROXY header, with any client. */
export class SocketLink extends LinkLife<SocketLinkServices> implements SocketEvents {
  protected readonly opened: SocketOpening;

  constructor(services: SocketLinkServices, options: LinkOptions, listener: LinkListener) {
    super(services, options, listener);
    this.opened = new SocketOpening(options, services.network, services.clock, this);
    this.begin(this.opened.startedUs);
  }

  onOpen(socket: Socket): void {
    // Registered before the client's own listeners, so that measured times exclude its work and an errno is seen here first.
    readEach(socket, (piece) => this.received(piece));
    socket.on('end', () => this.finished());
    socket.on('error', (error) => this.socketFailed(error));
    this.logIn(socket);
  }

  onFailed(failure: LinkFailure): void {
    this.fail(failure);
  }

  onClosed(): void {
    this.closed();
  }

  protected get socket(): Socket | undefined {
    return this.opened.socket;
  }

  protected get openingPhase(): 'dns' | 'tcp' | 'tls' {
    return this.opened.phase;
  }

  protected startClient(socket: Socket, options: LinkOptions): LinkClient {
    return this.services.startClient(socket, options, this);
  }

  protected resetSocket(): void {
    this.opened.reset();
  }

  protected override abandonOpening(): void {
    this.opened.abandon();
  }
}
