import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inbox } from '../../src/host/agents/wire/inbox.ts';
import { type Numbered, Outbox } from '../../src/host/agents/wire/outbox.ts';

/** What may happen between two sides: in any order, any number of times. */
const HAPPENINGS = [
  /** The sender says something new. */
  'say',
  /** It hands what is due to the stream. */
  'send',
  /** The same, but the connection breaks before it knows: it was stored, or was not. */
  'send-stored-unknown',
  'send-not-stored',
  /** The stream loses everything: Redis was started again. */
  'lose-all',
  /** The stream loses its oldest entry: it had too many. */
  'lose-oldest',
  'read-one',
  'read-all',
  /** The reader could not remove what it has read. */
  'read-all-and-keep',
  'confirm',
  'confirm-lost',
  /** The sender has heard no confirmation for some time, or is connected anew. */
  'rewind',
] as const;
type Happening = (typeof HAPPENINGS)[number];

/** Both sides of a conversation, and the stream between them. */
class Wire {
  readonly said: string[] = [];
  readonly heard: string[] = [];
  readonly taken: string[] = [];
  readonly #outbox = new Outbox();
  readonly #inbox = new Inbox();
  #stream: Numbered[] = [];

  happen(what: Happening): void {
    switch (what) {
      case 'say':
        this.#say(`message ${this.said.length + 1}`);
        break;
      case 'send':
        this.#stream.push(...this.#outbox.take());
        break;
      case 'send-stored-unknown':
        this.#stream.push(...this.#outbox.take());
        this.#outbox.rewind();
        break;
      case 'send-not-stored':
        this.#outbox.take();
        this.#outbox.rewind();
        break;
      case 'lose-all':
        this.#stream = [];
        break;
      case 'lose-oldest':
        this.#stream.shift();
        break;
      case 'read-one':
        this.#read(this.#stream.splice(0, 1));
        break;
      case 'read-all':
        this.#read(this.#stream.splice(0));
        break;
      case 'read-all-and-keep':
        this.#read(this.#stream);
        break;
      case 'confirm':
        this.#outbox.confirmed(this.#inbox.newest);
        break;
      case 'confirm-lost':
        break;
      case 'rewind':
        this.#outbox.rewind();
        break;
      default:
        what satisfies never;
    }
  }

  /** From now on nothing is lost. */
  settle(): void {
    this.#outbox.rewind();
    for (let round = 0; this.#outbox.size > 0 && round < 1_000; round++) {
      for (const what of ['send', 'read-all', 'confirm'] as const) this.happen(what);
    }
  }

  #say(text: string): void {
    this.said.push(text);
    this.#outbox.push(text, () => this.taken.push(text));
  }

  #read(entries: readonly Numbered[]): void {
    for (const { number, text } of entries) if (this.#inbox.accepts(number)) this.heard.push(text);
  }
}

describe('messages between a coordinator and an agent', () => {
  it('arrive once and in order, whatever is lost, repeated, cut off and sent again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...HAPPENINGS), { maxLength: 200 }), (happenings) => {
        const wire = new Wire();
        for (const what of happenings) {
          wire.happen(what);
          expect(wire.heard).toEqual(wire.said.slice(0, wire.heard.length));
          expect(wire.taken).toEqual(wire.said.slice(0, wire.taken.length));
          expect(wire.taken.length).toBeLessThanOrEqual(wire.heard.length);
        }
        wire.settle();
        expect(wire.heard).toEqual(wire.said);
        expect(wire.taken).toEqual(wire.said);
      }),
      { numRuns: 500 },
    );
  });
});
