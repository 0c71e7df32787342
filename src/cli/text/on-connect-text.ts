import type { Fleet } from '../../device/fleet.ts';
import { grouped } from '../../text/counts.ts';

/** Topics that are named; of others, only the number. */
const NAMED = 3;

/** What a device sends after each accepted login, in words; nothing when it sends nothing. */
export function onConnectFacts({ onConnect }: Fleet): [name: string, text: string][] {
  const { subscribe = [], publish = [] } = onConnect ?? {};
  const filters = named(subscribe.map(({ topic, qos }) => `${topic} (QoS ${qos})`));
  const messages = named(publish.map(({ topic, qos, bytes }) => `${grouped(bytes)} bytes to ${topic} (QoS ${qos})`));
  return [
    ...(subscribe.length === 0 ? [] : [['', `on each connect subscribes to ${filters}`] satisfies [string, string]]),
    ...(publish.length === 0 ? [] : [['', `on each connect publishes ${messages}`] satisfies [string, string]]),
  ];
}

function named(topics: readonly string[]): string {
  const more = topics.length > NAMED ? ` and ${topics.length - NAMED} more` : '';
  return `${topics.slice(0, NAMED).join(', ')}${more}`;
}
