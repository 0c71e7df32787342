import { z } from 'zod';
import { count, told } from './count.ts';
import { MESSAGE_COUNTS, type MessageCount } from './tallies.ts';

const MEANINGS: Readonly<Record<MessageCount, string>> = {
  subscribed: 'Topic filters that a SUBACK granted, with whatever QoS.',
  refused: 'Topic filters that a SUBACK refused.',
  published: 'PUBLISH packets that were sent.',
  acknowledged: 'Of these, packets of QoS 1 that a PUBACK answered.',
};

/** The counts in a summary. Whatever was sent but never answered is counted only in `published`. */
export const messageCountsSchema = z.strictObject(byName((name) => told(count, MEANINGS[name], 1000)));
export type MessageCounts = z.infer<typeof messageCountsSchema>;

/** The counts as a summary has them; undefined when nothing was counted. */
export function messageCountsOf(counted: Partial<MessageCounts>): MessageCounts | undefined {
  return Object.keys(counted).length === 0 ? undefined : byName((name) => counted[name] ?? 0);
}

function byName<Value>(value: (name: MessageCount) => Value): Record<MessageCount, Value> {
  return Object.fromEntries(MESSAGE_COUNTS.map((name) => [name, value(name)])) as Record<MessageCount, Value>;
}
