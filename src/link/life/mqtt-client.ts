import type { Messenger } from '../mqtt/application-messages.ts';

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
  /** Sends no PINGREQ from now on, and expects no answer to one. */
  silence(): void;
  /** As `Link.publish` and `Link.subscribe`. (MQTT.js has methods of its own by those names.) */
  readonly sendPublish: Messenger['publish'];
  readonly sendSubscribe: Messenger['subscribe'];
  /** Every piece that came, CONNACK included; a client that has its own listener on the socket leaves this out. */
  onBytes?(piece: Buffer): void;
  /** The link is over: nothing of the client may go on. */
  stop?(): void;
}
