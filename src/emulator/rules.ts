import type { AedesOptions, PublishPacket, Subscription } from 'aedes';
import type { Counts } from './counts.ts';
import type { Profile } from './profiles.ts';
import type { SubscriptionLimit } from './subscription-limit.ts';

/** Topics of the broker itself; a device may neither write nor read them. */
const BROKER_TOPICS = '$SYS/';

type Rules = Required<Pick<AedesOptions, 'authorizePublish' | 'authorizeSubscribe'>>;

/**
 * A profile's rules for sessions that are online, as the broker asks for them (protocol section 4). MQTT 3.1.1 has no negative
 * PUBACK, so a PUBLISH against the rules ends the connection [MQTT-3.3.5-2]; a subscription against them gets 0x80 in its SUBACK.
 */
export function sessionRules(profile: Profile, limit: SubscriptionLimit, counts: Counts): Rules {
  return {
    authorizePublish: (_client, packet, done) => {
      if (!profile.keepsRetained) packet.retain = false;
      const broken = brokenPublishRule(packet, profile);
      if (broken === undefined) counts.countPublish();
      done(broken === undefined ? null : new Error(broken));
    },
    authorizeSubscribe: (client, subscription, done) => {
      const isAllowed = isReadable(subscription, profile) && limit.admits(client, subscription.topic);
      counts.countFilter(isAllowed);
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

function isReadable(subscription: Subscription, profile: Profile): boolean {
  return subscription.qos <= profile.maxQos && !subscription.topic.startsWith(BROKER_TOPICS);
}
