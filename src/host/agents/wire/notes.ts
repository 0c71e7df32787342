import { z } from 'zod';

/**
 * What the two sides tell each other beside their numbered messages: signs of life, confirmations and clock pings, which need not arrive and
 * leave nothing in Redis.
 */
const nanoseconds = z.string().regex(/^\d{1,20}$/);
const noteSchema = z.discriminatedUnion('kind', [
  /** There are new messages. */
  z.strictObject({ kind: z.literal('news') }),
  /** A sign of life; everything up to this number has arrived. */
  z.strictObject({ kind: z.literal('beat'), confirmed: z.number().int().min(0) }),
  /** What time is it there? `sentNs`: on the sender's clock. */
  z.strictObject({ kind: z.literal('ping'), sentNs: nanoseconds }),
  /** It was so late when the ping arrived. */
  z.strictObject({ kind: z.literal('pong'), sentNs: nanoseconds, thereNs: nanoseconds }),
  /** The sender says nothing more. `why`: in words, if it ends before its time. */
  z.strictObject({ kind: z.literal('farewell'), why: z.string().max(1_000).optional() }),
]);
export type Note = z.infer<typeof noteSchema>;

/** The text that the script that adds messages sends along. */
export const NEWS_TEXT = '{"kind":"news"}';

export function noteText(note: Note): string {
  return JSON.stringify(note);
}

/** Undefined if the text is none of ours. */
export function readNote(text: string): Note | undefined {
  try {
    const read = noteSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
