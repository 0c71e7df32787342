import type { AedesOptions, Client, PublishPacket, Subscription } from 'aedes';
import type { Profile } from '../contract/profiles.ts';
import type { Counts } from '../service-counts.ts';
import type { OwnTopics } from './own-topics.ts';
import type { SubscriptionLimit } from './subscription-limit.ts';

/** Topics of the broker itself, which a device may neither write nor read. */
const BROKER_TOPICS = '$SYS/';

/** Topic of discarded messages, which no device may read. */
const NOWHERE = `${BROKER_TOPICS}discarded`;

type Rules = Required<Pick<AedesOptions, 'authorizePublish' | 'authorizeSubscribe'>>;

/** What the rules know about sessions. */
export interface RuleSurroundings {
  readonly limit: SubscriptionLimit;
  readonly counts: Counts;
  /** The topics that a client is restricted to, if any. */
  topicsOf(client: Client): OwnTopics | undefined;
  /** Called with every granted subscription. */
  readonly granted: WeakSet<Subscription>;
}

/**
 * A profile's rules for sessions that are online, as the broker asks for them (docs/protocol.md section 4). MQTT 3.1.1 has no negative PUBACK, so a
 * PUBLISH that breaks the rules ends the connection, or is acknowledged and discarded [MQTT-3.3.5-2]; such a subscription gets 0x80 in its
 * SUBACK.
 */
export function sessionRules(profile: Profile, { limit, counts, topicsOf, granted }: RuleSurroundings): Rules {
  const isIts = (client: Client | null, name: string): boolean =>
    (client === null ? undefined : topicsOf(client)?.hold(name)) ?? true;
  return {
    authorizePublish: (client, packet, done) => {
      if (!profile.keepsRetained) packet.retain = false;
      const broken = brokenPublishRule(packet, profile);
      if (broken === undefined) {
        counts.countPublish();
        if (!isIts(client, packet.topic)) discard(packet);
      }
      done(broken === undefined ? null : new Error(broken));
    },
    authorizeSubscribe: (client, subscription, done) => {
      const { topic } = subscription;
      const isAllowed = isReadable(subscription, profile) && isIts(client, topic) && limit.admits(client, topic);
      if (isAllowed) granted.add(subscription);
      // Subscriptions of a kept session arrive here before its CONNACK, without any SUBACK.
      if (client.connected) counts.countFilter(isAllowed);
      done(null, isAllowed ? subscription : null);
    },
  };
}

function brokenPublishRule(packet: PublishPacket, profile: Profile): string | undefined {
  if (packet.qos > profile.maxQos) return `PUBLISH with QoS ${packet.qos}`;
  if (Buffer.byteLength(packet.payload) > profile.maxPublishBytes) return 'PUBLISH larger than allowed';
  if (packet.topic.startsWith(BROKER_TOPICS)) return "PUBLISH to the broker's own topics";
  return undefined;
}

/** The packet is handled normally, including PUBACK, but is not delivered. */
function discard(packet: PublishPacket): void {
  packet.topic = NOWHERE;
  packet.retain = false;
}

function isReadable(subscription: Subscription, profile: Profile): boolean {
  return subscription.qos <= profile.maxQos && !subscription.topic.startsWith(BROKER_TOPICS);
}
