import type { MqttClient } from 'mqtt';
import type { OpenRequests } from '../mqtt/open-requests.ts';

type IdProvider = MqttClient['messageIdProvider'];

/** The identifiers of a session's requests, for MQTT.js: by its own way it starts at a random one and takes one that is in use. */
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
    // It is free again as soon as its answer is here.
  }

  clear(): void {
    // A client connects once: there is nothing from before.
  }
}
