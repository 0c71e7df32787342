import { addressOf } from '../link/failures.ts';
import type { Spread } from '../plan/spread.ts';
import { listed } from '../text/listed.ts';
import type { MqttTarget } from './scenario.ts';

/** Addresses that are told one by one; of more, only their number. */
const MOST_TOLD = 3;

/** The MQTT addresses of a service for people: `mqtt://a:1883`, `mqtt://a:1883 and mqtt://b:1883`, `mqtt://a:1883 and 4 more addresses`. */
export function mqttWords({ transport, addresses }: Pick<MqttTarget, 'transport' | 'addresses'>): string {
  const scheme = transport === 'tls' ? 'mqtts' : 'mqtt';
  const urls = addresses.map((address) => `${scheme}://${addressOf(address)}`);
  if (urls.length <= MOST_TOLD) return listed(urls);
  return `${urls[0]} and ${urls.length - 1} more addresses`;
}

/** What each way to spread devices over addresses means, in words. */
export const SPREAD_WORDS: Readonly<Record<Spread, string>> = {
  'by-device': 'each device keeps one address',
  'in-turn': 'each attempt of a device goes to the next address',
  'next-on-failure': 'a device keeps its address until an attempt fails or its session is lost, then goes to the next',
};
