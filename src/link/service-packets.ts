import type { Packet } from 'mqtt-packet';

/** Packets a service may send on an accepted MQTT 3.1.1 connection [clause 2.2.1]; CONNACK only as its first one. */
const FROM_SERVICE: ReadonlySet<string | undefined> = new Set([
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'suback',
  'unsuback',
  'pingresp',
]);

/** What is wrong with a packet that a service sent, in words; undefined when it may send such a packet. */
export function servicePacketFault({ cmd, messageId }: Packet): string | undefined {
  if (!FROM_SERVICE.has(cmd)) return `${cmd} packet from the service`;
  // mqtt-packet gives -1 for an identifier that is missing; 0 is not allowed [2.3.1-1].
  if (messageId !== undefined && messageId <= 0) return `${cmd} packet without a packet identifier`;
  return undefined;
}
