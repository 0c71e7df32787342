import type { FleetSummary } from '../../results/summary/fleet-summary.ts';

/** One count of the messages that devices sent on connect. */
export interface MessageRow {
  readonly name: string;
  readonly count: number;
  readonly meaning: string;
  readonly isBad: boolean;
}

/** What devices sent after each login, and what the service answered; nothing if they sent nothing. */
export function messageRows({ messages }: Pick<FleetSummary, 'messages'>): MessageRow[] {
  if (messages === undefined) return [];
  const { subscribed, refused, published, acknowledged } = messages;
  return [
    { name: 'subscribed', count: subscribed, meaning: 'filters granted by SUBACK', isBad: false },
    { name: 'refused', count: refused, meaning: 'filters, 0x80', isBad: refused > 0 },
    { name: 'published', count: published, meaning: 'messages sent', isBad: false },
    { name: 'acknowledged', count: acknowledged, meaning: 'of those with QoS 1, by PUBACK', isBad: false },
  ];
}
