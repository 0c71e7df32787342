import { describe, expect, it } from 'vitest';
import { Outbox, WINDOW_CHARS, WINDOW_MESSAGES } from '../../../../../src/host/agents/wire/outbox.ts';

describe('an outbox', () => {
  it('has at most a window of messages under way, and goes on as they are confirmed', () => {
    const outbox = new Outbox();
    for (let index = 0; index < WINDOW_MESSAGES + 2; index++) outbox.push('x');
    expect(outbox.take()).toHaveLength(WINDOW_MESSAGES);
    expect(outbox.take()).toEqual([]);
    outbox.confirmed(1);
    expect(outbox.take()).toEqual([{ number: WINDOW_MESSAGES + 1, text: 'x' }]);
    expect(outbox.size).toBe(WINDOW_MESSAGES + 1);
  });

  it('sends a message that is larger than the window alone', () => {
    const outbox = new Outbox();
    outbox.push('x'.repeat(WINDOW_CHARS + 1));
    outbox.push('y');
    expect(outbox.take().map(({ number }) => number)).toEqual([1]);
    outbox.confirmed(1);
    expect(outbox.take()).toEqual([{ number: 2, text: 'y' }]);
  });

  it('knows whether anything is under way, and sends it again when asked to', () => {
    const outbox = new Outbox();
    expect(outbox.isWaiting).toBe(false);
    outbox.push('a');
    outbox.push('b');
    expect(outbox.isWaiting).toBe(false);
    outbox.take();
    expect(outbox.isWaiting).toBe(true);
    outbox.confirmed(1);
    outbox.rewind();
    expect(outbox.isWaiting).toBe(false);
    expect(outbox.take()).toEqual([{ number: 2, text: 'b' }]);
    outbox.confirmed(2);
    expect([outbox.size, outbox.chars, outbox.isWaiting]).toEqual([0, 0, false]);
    outbox.rewind();
    outbox.push('c');
    expect(outbox.take()).toEqual([{ number: 3, text: 'c' }]);
  });
});
