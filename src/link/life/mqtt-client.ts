import type { Messenger } from '../mqtt/application-messages.ts';

/** What an MQTT client on an open socket reports to its link. Anything reported after the link is over is ignored. */
export interface ClientEvents {
  /** The client has processed CONNACK 0 and can send. */
  onConnected(): void;
  onProtocolError(detail: string): void;
  onKeepaliveTimeout(): void;
}

/** An MQTT client that has sent CONNECT on a socket. */
export interface LinkClient {
  /** Sends DISCONNECT, then FIN. */
  disconnect(): void;
  /** Stops sending PINGREQ and expecting answers. */
  silence(): void;
  /** As `Link.publish` and `Link.subscribe`. (MQTT.js has methods of its own by those names.) */
  readonly sendPublish: Messenger['publish'];
  readonly sendSubscribe: Messenger['subscribe'];
  /** Receives every piece, including CONNACK; a client with its own listener on the socket omits this. */
  onBytes?(piece: Buffer): void;
  /** The link is over: the client must stop everything. */
  stop?(): void;
}
