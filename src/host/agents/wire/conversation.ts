import type { ConversationKeys } from '../redis/keys.ts';
import { isFull } from '../redis/redis-error.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import { APPEND } from '../redis/scripts.ts';
import { Inbox } from './inbox.ts';
import { NEWS_TEXT, type Note, noteText, readNote } from './notes.ts';
import { Outbox, WINDOW_MESSAGES } from './outbox.ts';

/** One side of a conversation between a coordinator and an agent about one share. */
export interface ConversationParts {
  readonly link: RedisLink;
  readonly keys: ConversationKeys;
  readonly side: 'agent' | 'coordinator';
  /** Key that holds the token as long as the share is in their hands. */
  readonly claim: string;
  readonly token: string;
  readonly keptMs: number;
  readonly resendMs: number;
}

/** Receives what the other side says. */
export interface ConversationListener {
  /** A numbered message, once and in order. */
  onMessage(text: string): void;
  /** A note that the conversation itself has no use for. */
  onNote(note: Note): void;
  /** The share is in other hands: what was said last was refused. */
  onForeign?(): void;
}

/** Entries read at once, and characters sent at once. */
const READ_ENTRIES = 64;
const SEND_CHARS = 2 ** 20;
/** Entries that a stream may have: what is under way, and once more for what was sent again. */
const MOST_ENTRIES = 2 * WINDOW_MESSAGES;

/**
 * Speaks with the other side through Redis: messages through a stream in each direction, which arrive once and in order even if Redis loses
 * everything in between, and notes. Its owner calls `tick` about every second, and `close` at the end.
 */
export class Conversation {
  readonly #parts: ConversationParts;
  readonly #listener: ConversationListener;
  readonly #outbox = new Outbox();
  readonly #inbox = new Inbox();
  readonly #offUp: () => void;
  #isFlushing = false;
  #isReading = false;
  #hasNews = false;
  #isClosed = false;
  #heardMs = performance.now();
  #progressMs = performance.now();
  #fullSinceMs: number | undefined;

  constructor(parts: ConversationParts, listener: ConversationListener) {
    this.#parts = parts;
    this.#listener = listener;
    this.#offUp = parts.link.onUp(() => this.#again());
  }

  /** Begins to listen. */
  async open(): Promise<void> {
    await this.#parts.link.listen(this.#incoming.notes, (text) => this.#noted(text));
  }

  /** For how long nothing was heard of the other side while Redis answered. */
  get silentMs(): number {
    return Math.min(performance.now() - this.#heardMs, this.#parts.link.upMs);
  }

  /** For how long Redis has been too full to take messages; 0 while it takes them. */
  get fullMs(): number {
    return this.#fullSinceMs === undefined ? 0 : performance.now() - this.#fullSinceMs;
  }

  /** Whether everything that was said has arrived. */
  get isConfirmed(): boolean {
    return this.#outbox.size === 0;
  }

  /** Characters that wait for their confirmation. */
  get waitingChars(): number {
    return this.#outbox.chars;
  }

  /** Says something that must arrive. */
  say(text: string, onTaken?: () => void): void {
    this.#outbox.push(text, onTaken);
    void this.#flush();
  }

  /** Says something that need not. */
  async note(note: Note): Promise<void> {
    await this.#parts.link.note(this.#outgoing.notes, noteText(note));
  }

  /** Gives a sign of life, and sees to what did not arrive. */
  async tick(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#outbox.isWaiting && performance.now() - this.#progressMs > this.#parts.resendMs) this.#outbox.rewind();
    await Promise.all([this.#beat(), this.#flush(), this.#read(), this.#renew()]);
  }

  close(): void {
    this.#isClosed = true;
    this.#offUp();
    this.#parts.link.unlisten(this.#incoming.notes);
  }

  get #outgoing(): { readonly stream: string; readonly notes: string } {
    const { keys, side } = this.#parts;
    return side === 'agent'
      ? { stream: keys.toCoordinator, notes: keys.coordinatorNotes }
      : { stream: keys.toAgent, notes: keys.agentNotes };
  }

  get #incoming(): { readonly stream: string; readonly notes: string } {
    const { keys, side } = this.#parts;
    return side === 'agent'
      ? { stream: keys.toAgent, notes: keys.agentNotes }
      : { stream: keys.toCoordinator, notes: keys.coordinatorNotes };
  }

  /** Redis is back, maybe without what it held. */
  #again(): void {
    this.#outbox.rewind();
    void this.tick();
  }

  #noted(text: string): void {
    const note = readNote(text);
    if (note === undefined || this.#isClosed) return;
    this.#heardMs = performance.now();
    if (note.kind === 'news') void this.#read();
    else if (note.kind === 'beat') this.#confirmed(note.confirmed);
    else this.#listener.onNote(note);
  }

  #confirmed(number: number): void {
    const before = this.#outbox.size;
    this.#outbox.confirmed(number);
    if (this.#outbox.size === before) return;
    this.#progressMs = performance.now();
    void this.#flush();
  }

  async #beat(): Promise<void> {
    await this.note({ kind: 'beat', confirmed: this.#inbox.newest });
  }

  async #renew(): Promise<void> {
    const { link, keys, keptMs } = this.#parts;
    await link.tryAll((pipeline) => pipeline.pexpire(keys.toAgent, keptMs).pexpire(keys.toCoordinator, keptMs));
  }

  /** One at a time, so that messages keep their order. */
  async #flush(): Promise<void> {
    if (this.#isFlushing || this.#isClosed) return;
    this.#isFlushing = true;
    try {
      for (let due = this.#outbox.take(); due.length > 0 && !this.#isClosed; due = this.#outbox.take()) {
        if (!this.#outbox.isWaiting) this.#progressMs = performance.now();
        for (const batch of batches(due)) await this.#append(batch);
        this.#fullSinceMs = undefined;
      }
    } catch (error) {
      if (isFull(error)) this.#fullSinceMs ??= performance.now();
      // Whether they arrived is not known; the next tick sends them again.
      this.#outbox.rewind();
    } finally {
      this.#isFlushing = false;
    }
  }

  async #append(messages: readonly { readonly number: number; readonly text: string }[]): Promise<void> {
    const { link, claim, token, keptMs } = this.#parts;
    const { stream, notes } = this.#outgoing;
    const texts = messages.flatMap(({ number, text }) => [number, text]);
    const args = [token, keptMs, MOST_ENTRIES, notes, NEWS_TEXT, ...texts];
    const answer = await link.ask((redis) => redis.eval(APPEND, 2, stream, claim, ...args));
    if (answer === 1) return;
    if (answer === -1) this.#listener.onForeign?.();
    throw new Error('the share is not held');
  }

  async #read(): Promise<void> {
    this.#hasNews = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#hasNews && !this.#isClosed) {
        this.#hasNews = false;
        if (await this.#readSome()) this.#hasNews = true;
      }
    } catch {
      // The next tick reads again.
    } finally {
      this.#isReading = false;
    }
  }

  /** Whether there may be more. */
  async #readSome(): Promise<boolean> {
    const { link } = this.#parts;
    const { stream } = this.#incoming;
    const entries = await link.ask((redis) => redis.xrange(stream, '-', '+', 'COUNT', READ_ENTRIES));
    if (entries.length === 0 || this.#isClosed) return false;
    this.#heardMs = performance.now();
    for (const [, [, number, , text]] of entries) {
      if (text !== undefined && this.#inbox.accepts(Number(number))) this.#listener.onMessage(text);
    }
    await this.#beat();
    await link.ask((redis) => redis.xdel(stream, ...entries.map(([id]) => id)));
    return true;
  }
}

/** Splits messages so that no command is too long. */
function batches<T extends { readonly text: string }>(messages: readonly T[]): T[][] {
  const all: T[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    if (chars + message.text.length > SEND_CHARS) {
      all.push([]);
      chars = 0;
    }
    chars += message.text.length;
    all.at(-1)?.push(message);
  }
  return all;
}
