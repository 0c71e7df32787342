import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../src/link/mqtt/service-frames.ts';
import { BytePlayer, type Played } from '../fixtures/links/byte-player.ts';
import { CONNACK_0 } from '../fixtures/servers/scripts.ts';

const SUBACK = generate({ cmd: 'suback', messageId: 1, granted: [1, 0x80] });
const PUBACK = generate({ cmd: 'puback', messageId: 2 });
const PINGRESP = generate({ cmd: 'pingresp' });
const NEWS = { cmd: 'publish', topic: '/news', retain: false, dup: false } as const;
const PUBLISH_0 = generate({ ...NEWS, qos: 0, payload: 'zero' });
const PUBLISH_1 = generate({ ...NEWS, qos: 1, messageId: 7, payload: 'x'.repeat(130) });

/** All that a well-behaved service sends to a session. */
const REPLIES = Buffer.concat([SUBACK, PUBLISH_0, PINGRESP, PUBLISH_1, PUBACK, PINGRESP]);
const HEARD = ['suback 1: 1 128', 'publish /news: zero', `publish /news: ${'x'.repeat(130)}`, 'puback 2'];

let player: BytePlayer;
beforeAll(() => {
  player = new BytePlayer();
});
afterAll(async () => {
  expect(player.timers).toBe(0);
  await player.stop();
});

/** The verdict of all clients on the bytes; fails when they differ, or when one told anything else than one outcome and one end. */
function verdictOf(played: readonly Played[]): string | undefined {
  const [first, ...others] = played;
  for (const { calls } of played) expect([['failed'], ['accepted', 'ended']]).toContainEqual(calls);
  for (const { calls, verdict } of others)
    expect({ calls, verdict }).toEqual({ calls: first?.calls, verdict: first?.verdict });
  return first?.verdict;
}

/** The bytes cut at these positions; those beyond the end cut nothing. */
function cut(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const ends = [...new Set([...positions.filter((at) => at > 0 && at < bytes.length), bytes.length])];
  const sorted = ends.toSorted((a, b) => a - b);
  return sorted.map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end)).filter(({ length }) => length > 0);
}

describe('a valid stream', () => {
  test('cut in two at every position is understood whole', async () => {
    for (let at = 1; at <= REPLIES.length; at++) {
      const played = await player.session(cut(REPLIES, [at]));
      expect(verdictOf(played)).toBe('closed-by-server');
      for (const { client, messages } of played) expect([client, at, messages]).toEqual([client, at, HEARD]);
    }
  });

  test('cut at any positions is understood whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(REPLIES.length), { maxLength: 12 }), async (positions) => {
        const played = await player.session(cut(REPLIES, positions));
        expect(verdictOf(played)).toBe('closed-by-server');
        for (const { messages } of played) expect(messages).toEqual(HEARD);
      }),
      { numRuns: 60 },
    );
  });

  test('that begins with CONNACK, as of a session that was kept, cut at every position is accepted', async () => {
    const kept = Buffer.concat([CONNACK_0, PUBLISH_0, PUBLISH_1, PINGRESP]);
    for (let at = 1; at <= kept.length; at++) {
      expect(verdictOf(await player.login(cut(kept, [at])))).toBe('closed-by-server');
    }
  });
});

describe('bytes that are no valid stream', () => {
  const garbage = fc.uint8Array({ minLength: 1, maxLength: 64 });
  /** Packets whose lengths are right and whose types, flags and bodies are anything, identifiers that wait for an answer among them. */
  const packets = fc
    .array(
      fc.tuple(
        fc.nat(255),
        fc.oneof(
          fc.uint8Array({ maxLength: 12 }),
          fc.tuple(fc.constant(0), fc.integer({ min: 1, max: 3 })),
          fc.tuple(fc.constant(0), fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 1, 2, 3, 0x80)),
        ),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((all) => Buffer.concat(all.flatMap(([head, body]) => [Buffer.from([head, body.length]), Buffer.from(body)])));
  const mutated = fc
    .tuple(fc.array(fc.tuple(fc.nat(REPLIES.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), garbage)
    .map(([writes, tail]) => {
      const bytes = Buffer.from(REPLIES);
      for (const [at, byte] of writes) bytes[at] = byte;
      return Buffer.concat([bytes, tail]);
    });
  const cuts = fc.array(fc.nat(REPLIES.length), { maxLength: 3 });

  test('after a login give one end, the same for both clients however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(garbage, packets, mutated), cuts, async (bytes, positions) => {
        const whole = verdictOf(await player.session([bytes]));
        expect(['protocol-error', 'closed-by-server']).toContain(whole);
        expect(verdictOf(await player.session(cut(bytes, positions)))).toBe(whole);
      }),
      { numRuns: 150 },
    );
  });

  test('instead of CONNACK, and after it in one piece, give one outcome, the same for both clients', async () => {
    const replies = fc.oneof(
      fc.oneof(garbage, packets),
      fc.oneof(garbage, packets, mutated).map((bytes) => Buffer.concat([CONNACK_0, bytes])),
      fc
        .tuple(fc.nat(3), fc.nat(7), garbage)
        .map(([flags, code, tail]) => Buffer.from([0x20, 2, flags, code, ...tail])),
    );
    await fc.assert(
      fc.asyncProperty(replies, cuts, async (bytes, positions) => {
        const whole = verdictOf(await player.login([bytes]));
        expect(verdictOf(await player.login(cut(bytes, positions)))).toBe(whole);
      }),
      { numRuns: 120 },
    );
  });

  test.each<[what: string, first: number]>([
    ['reserved type 0', 0x00],
    ['reserved type 15', 0xf0],
    ['CONNECT', 0x10],
    ['a second CONNACK', 0x20],
    ['SUBSCRIBE', 0x82],
    ['UNSUBSCRIBE', 0xa2],
    ['PINGREQ', 0xc0],
    ['DISCONNECT', 0xe0],
    ['PUBLISH of QoS 3', 0x36],
    ['PUBREL with wrong flags', 0x60],
  ])(
    '%s is a protocol error, alone, at the end of a valid stream, and before its body is there',
    async (_what, first) => {
      for (const bytes of [[first], [...REPLIES, first, 0], [...REPLIES, first, 100, 0]]) {
        expect(verdictOf(await player.session([Buffer.from(bytes)]))).toBe('protocol-error');
      }
    },
  );
});

describe('lengths', () => {
  /** The remaining length of a packet [MQTT 3.1.1 clause 2.2.3]. */
  function encoded(length: number): number[] {
    return length < 128 ? [length] : [(length % 128) | 0x80, ...encoded(Math.floor(length / 128))];
  }

  test.each([MAX_BODY_BYTES + 1, 2 ** 24, 2 ** 28 - 1])(
    'a packet of %i bytes is refused by its header alone',
    async (length) => {
      const header = Buffer.from([0x30, ...encoded(length)]);
      for (const pieces of [[header], cut(header, [1, 2, 3, 4]), [Buffer.concat([REPLIES, header])]]) {
        expect(verdictOf(await player.session(pieces))).toBe('protocol-error');
      }
    },
  );

  test('a length of more than four bytes is refused', async () => {
    expect(verdictOf(await player.session([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff])]))).toBe('protocol-error');
  });

  test('the largest packet that is taken is taken, and half of it is waited for', async () => {
    const payload = Buffer.alloc(MAX_BODY_BYTES - 2 - NEWS.topic.length, 'x');
    const largest = generate({ ...NEWS, qos: 0, payload });
    for (const [bytes, told] of [
      [largest, 1],
      [largest.subarray(0, MAX_BODY_BYTES / 2), 0],
    ] as const) {
      const played = await player.session([bytes]);
      expect(verdictOf(played)).toBe('closed-by-server');
      for (const { messages } of played) expect(messages).toHaveLength(told);
    }
  });
});
