import type { IPublishPacket, Packet } from 'mqtt-packet';

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

const TEXT_LENGTH_BYTES = 2;
const IDENTIFIER_BYTES = 2;

/** Describes what is wrong with a packet from the service; undefined if it may send it. */
export function packetViolation(packet: Packet): string | undefined {
  const { cmd, messageId } = packet;
  if (!FROM_SERVICE.has(cmd)) return `${cmd} packet from the service`;
  // mqtt-packet returns -1 for a missing identifier; 0 is not allowed [2.3.1-1].
  if (messageId !== undefined && messageId <= 0) return `${cmd} packet without a packet identifier`;
  if (packet.cmd === 'publish' && packet.qos > 0 && !hasIdentifier(packet))
    return 'publish packet without a packet identifier';
  return undefined;
}

/** Whether the identifier is in the packet at all: mqtt-packet would read it from the next one [MQTT 3.1.1 clause 3.3.2.2]. */
function hasIdentifier({ topic, length = 0 }: IPublishPacket): boolean {
  return length >= TEXT_LENGTH_BYTES + Buffer.byteLength(topic) + IDENTIFIER_BYTES;
}
