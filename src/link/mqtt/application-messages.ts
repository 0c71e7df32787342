/** Levels of delivery [MQTT 3.1.1 clause 4.3]. QoS 2 is not offered: the service does not support it (docs/protocol.md section 4). */
export type Qos = 0 | 1;

/** Code of a filter that the service refused [MQTT 3.1.1 clause 3.9.3]; other codes are the QoS it granted. */
export const FILTER_REFUSED = 0x80;

/** A message to publish [MQTT 3.1.1 clause 3.3]. */
export interface ApplicationMessage {
  /** Without wildcards, 1 to 65,535 bytes. */
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
}

/** A filter to subscribe to and the QoS asked for [MQTT 3.1.1 clause 3.8.3]. */
export interface TopicFilter {
  /** 1 to 65,535 bytes, wildcards only as clause 4.7.1 has them. */
  readonly topic: string;
  readonly qos: Qos;
}

/** What a link reports about the messages of a session. Nothing is reported once the link is over, not even for requests still open. */
export interface MessageListener {
  /** SUBACK: one code per filter, in the order in which SUBSCRIBE named them [clause 3.9.3]. `id` is what `subscribe` returned. */
  onSubscribed(id: number, codes: readonly number[]): void;
  /** PUBACK [clause 3.4]. `id` is what `publish` returned. */
  onPublished(id: number): void;
  /** PUBLISH from the service [clause 3.3], reported each time it comes; a QoS 1 message is acknowledged by the link. */
  onMessage?(topic: string, payload: Buffer): void;
}

/** What a link does for the messages of its session. All calls on one link pass the same listener. */
export interface Messenger {
  /**
   * Sends PUBLISH [MQTT 3.1.1 clause 3.3]. Returns its packet identifier, which PUBACK repeats, or 0 for QoS 0. Undefined if nothing was
   * sent because the session is not online or all 65,535 identifiers are in use.
   */
  publish(message: ApplicationMessage, listener: MessageListener): number | undefined;
  /**
   * Sends one SUBSCRIBE [MQTT 3.1.1 clause 3.8] with filters that differ from each other, at least one. Returns its packet identifier,
   * which SUBACK repeats; undefined as for `publish`. (MQTT.js puts filters that are whole numbers, such as `7`, before the others.)
   */
  subscribe(filters: readonly TopicFilter[], listener: MessageListener): number | undefined;
}
