import { z } from 'zod';

/** What is counted of the messages that devices send on connect, by number of filters or messages. */
export const MESSAGE_COUNTS = ['subscribed', 'refused', 'published', 'acknowledged'] as const;
export type MessageCount = (typeof MESSAGE_COUNTS)[number];

const count = z.number().int().nonnegative();

/** The counts in a summary. What was sent and never answered is in none of them but `published`. */
export const messageCountsSchema = z.strictObject({
  /** Filters that a SUBACK granted, with whatever QoS, and refused (0x80). */
  subscribed: count,
  refused: count,
  /** PUBLISH packets sent, and those of QoS 1 that a PUBACK answered. */
  published: count,
  acknowledged: count,
});
export type MessageCounts = z.infer<typeof messageCountsSchema>;

/** The counts as a summary has them; undefined when nothing was counted. */
export function messageCountsOf(counts: ReadonlyMap<string, number>): MessageCounts | undefined {
  if (counts.size === 0) return undefined;
  const of = (name: MessageCount): number => counts.get(name) ?? 0;
  return {
    subscribed: of('subscribed'),
    refused: of('refused'),
    published: of('published'),
    acknowledged: of('acknowledged'),
  };
}
