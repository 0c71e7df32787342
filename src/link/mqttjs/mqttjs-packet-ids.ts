import type { MqttClient } from 'mqtt';
import type { OpenRequests } from '../mqtt/open-requests.ts';

type IdProvider = MqttClient['messageIdProvider'];

/** Packet identifiers of a session's requests. MQTT.js's own provider starts at a random one and may return one that is still in use. */
export class PacketIds implements IdProvider {
  readonly #requests: OpenRequests;

  constructor(requests: OpenRequests) {
    this.#requests = requests;
  }

  allocate(): number {
    return this.#requests.nextId();
  }

  getLastAllocated(): number {
    return this.#requests.lastId;
  }

  register(): boolean {
    return true;
  }

  deallocate(): void {
    // An identifier is free again as soon as its answer has come.
  }

  clear(): void {
    // A client connects once: nothing is left from before.
  }
}
