/** A message and its number in its direction, from 1 without gaps. */
export interface Numbered {
  readonly number: number;
  readonly text: string;
}

interface Pending extends Numbered {
  /** Called once the other side has confirmed the message. */
  readonly onTaken: (() => void) | undefined;
}

/** How much may be under way, so that a slow reader does not fill Redis. */
export const WINDOW_MESSAGES = 512;
export const WINDOW_CHARS = 4 * 2 ** 20;

/**
 * What one side still has to say to the other: numbers messages, keeps them until they are confirmed, and tells which to send now. Pure: it
 * sends nothing itself and knows no time.
 */
export class Outbox {
  readonly #pending: Pending[] = [];
  #newest = 0;
  /** The latest that is under way; those after it have not been sent, or are to be sent again. */
  #sent = 0;
  #chars = 0;

  /** Number of messages that are not confirmed. */
  get size(): number {
    return this.#pending.length;
  }

  /** Their length together. */
  get chars(): number {
    return this.#chars;
  }

  /** Whether something was sent of which it is not known whether it arrived. */
  get isWaiting(): boolean {
    const [oldest] = this.#pending;
    return oldest !== undefined && oldest.number <= this.#sent;
  }

  push(text: string, onTaken?: () => void): void {
    this.#newest++;
    this.#chars += text.length;
    this.#pending.push({ number: this.#newest, text, onTaken });
  }

  /** The next messages to send, in order; from now on they are under way. Empty while enough is. */
  take(): Numbered[] {
    const taken: Numbered[] = [];
    let [messages, chars] = [0, 0];
    for (const { number, text } of this.#pending) {
      if (messages > 0 && (messages >= WINDOW_MESSAGES || chars + text.length > WINDOW_CHARS)) break;
      messages++;
      chars += text.length;
      if (number > this.#sent) taken.push({ number, text });
    }
    this.#sent = taken.at(-1)?.number ?? this.#sent;
    return taken;
  }

  /** What is under way may be lost: everything that is not confirmed is sent again. */
  rewind(): void {
    this.#sent = (this.#pending[0]?.number ?? this.#newest + 1) - 1;
  }

  /** The other side has everything up to this number. Repeated and older confirmations change nothing. */
  confirmed(number: number): void {
    for (let oldest = this.#pending[0]; oldest !== undefined && oldest.number <= number; oldest = this.#pending[0]) {
      this.#pending.shift();
      this.#chars -= oldest.text.length;
      this.#sent = Math.max(this.#sent, oldest.number);
      oldest.onTaken?.();
    }
  }
}
