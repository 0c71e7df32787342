import { unsendable } from '../link/life/unopened-link.ts';
import {
  type ApplicationMessage,
  FILTER_REFUSED,
  type MessageListener,
  type Qos,
  type TopicFilter,
} from '../link/mqtt/application-messages.ts';
import { filterFault, topicFault } from '../link/mqtt/sendable.ts';
import type { Link, LinkFailure } from '../link/port.ts';
import type { FleetRecorder } from '../metrics/measure/recorder.ts';
import type { DeviceIdentity } from './identity.ts';
import { compileTemplate } from './template.ts';

/** What a device sends after each accepted CONNACK, as SDKs do. Topics may hold any placeholder except that of the secret. */
export interface OnConnectSpec {
  /** Filters of one SUBSCRIBE, sent first; none is sent if empty. */
  readonly subscribe: readonly TopicFilter[];
  /** One PUBLISH each, in this order. */
  readonly publish: readonly OnConnectMessage[];
}

/** A message of zeros. */
export interface OnConnectMessage {
  readonly topic: string;
  readonly qos: Qos;
  /** Length of the payload. */
  readonly bytes: number;
}

/** A topic to be filled in for each device, and what is the same for all. */
interface Prepared<Rest> {
  topic(values: TopicValues): string;
  readonly rest: Rest;
}

type TopicValues = DeviceIdentity & { readonly index: string };

/**
 * Sends what the devices of a fleet send after each accepted CONNACK, and counts the answers. One instance serves all sessions of a fleet in a worker:
 * templates are compiled once, payloads are shared.
 */
export class Greeting implements MessageListener {
  readonly #recorder: FleetRecorder;
  readonly #filters: readonly Prepared<Pick<TopicFilter, 'qos'>>[];
  readonly #messages: readonly Prepared<Omit<ApplicationMessage, 'topic'>>[];

  /** `environment` fills `${env:NAME}` placeholders; `columns` names the further columns that the devices hold. */
  constructor(
    spec: OnConnectSpec,
    environment: Readonly<Record<string, string>>,
    recorder: FleetRecorder,
    columns: readonly string[] = [],
  ) {
    this.#recorder = recorder;
    this.#filters = spec.subscribe.map(({ topic, qos }) => ({
      topic: compileTemplate(topic, environment, columns),
      rest: { qos },
    }));
    this.#messages = spec.publish.map(({ topic, qos, bytes }) => ({
      topic: compileTemplate(topic, environment, columns),
      rest: { qos, payload: Buffer.alloc(bytes) },
    }));
  }

  /**
   * Why a device cannot send what it should: its name or a variable makes a topic that MQTT does not allow. Checked before it connects,
   * because a device whose own library rejects its first message gets no further. Undefined if nothing is wrong.
   */
  refusalOf(identity: DeviceIdentity, index: number): LinkFailure | undefined {
    const values = { ...identity, index: String(index + 1) };
    for (const { topic } of this.#filters) {
      const fault = filterFault(topic(values));
      if (fault !== undefined) return unsendable(fault);
    }
    for (const { topic } of this.#messages) {
      const fault = topicFault(topic(values));
      if (fault !== undefined) return unsendable(fault);
    }
    return undefined;
  }

  /** Sends it all for one device; `index` is its 0-based position in the fleet. */
  send(link: Link, identity: DeviceIdentity, index: number): void {
    const values = { ...identity, index: String(index + 1) };
    if (this.#filters.length > 0) link.subscribe(this.#filters.map(filledIn(values)), this);
    for (const message of this.#messages) {
      if (link.publish(filledIn(values)(message), this) !== undefined) this.#recorder.messages('published', 1);
    }
  }

  onSubscribed(_id: number, codes: readonly number[]): void {
    const refused = codes.filter((code) => code === FILTER_REFUSED).length;
    this.#recorder.messages('refused', refused);
    this.#recorder.messages('subscribed', codes.length - refused);
  }

  onPublished(): void {
    this.#recorder.messages('acknowledged', 1);
  }
}

function filledIn(values: TopicValues): <Rest>(prepared: Prepared<Rest>) => Rest & { topic: string } {
  return ({ topic, rest }) => ({ ...rest, topic: topic(values) });
}
