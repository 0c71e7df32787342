import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLinks } from '../fixtures/links/link-bench.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

describeLinks('whatever comes', (bench) => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 24 });
  const nearlyConnack = fc
    .tuple(fc.constantFrom(0x20, 0x21, 0x30), fc.nat(4), fc.nat(2), fc.nat(7), fc.uint8Array({ maxLength: 12 }))
    .map(([type, length, flags, code, rest]) => Uint8Array.from([type, length, flags, code, ...rest]));

  test('random bytes instead of a CONNACK give exactly one outcome', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, nearlyConnack), async (reply) => {
        const server = await bench.serve(scripts.replyThenFin(reply));
        bench.listener = new RecordingListener();
        await bench.open(server.port).settled;
        if (bench.listener.calls[0] === 'accepted') await bench.listener.ended;
        await server.stop();
        expect([['failed'], ['accepted', 'ended']]).toContainEqual(bench.listener.calls);
      }),
      { numRuns: 80 },
    );
  });

  test('random bytes after CONNACK 0 give exactly one end', async () => {
    const packet = fc
      .tuple(fc.nat(15), fc.nat(15), fc.uint8Array({ maxLength: 10 }))
      .map(([type, flags, body]) => Uint8Array.from([(type << 4) | flags, body.length, ...body]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, packet), async (garbage) => {
        const server = await bench.serve(scripts.replyThenFin(Buffer.concat([scripts.CONNACK_0, garbage])));
        bench.listener = new RecordingListener();
        await bench.open(server.port).ended;
        await server.stop();
        expect(bench.listener.calls).toEqual(['accepted', 'ended']);
      }),
      { numRuns: 100 },
    );
  });

  test('a reply cut at every position gives the same outcome', async () => {
    const replies = [0, 1, 2, 3, 4, 5, 6].map(scripts.connack);
    const outcomes = new Map<number, Set<string>>();
    for (const [code, reply] of replies.entries()) {
      outcomes.set(code, new Set());
      for (let at = 1; at <= reply.length; at++) {
        const server = await bench.serve(scripts.replyInPieces([reply.subarray(0, at), reply.subarray(at)]));
        bench.listener = new RecordingListener();
        await bench.open(server.port).settled;
        outcomes.get(code)?.add(bench.listener.failure?.outcome ?? 'accepted');
        bench.link.reset();
        await server.stop();
      }
    }
    expect([...outcomes.values()].map((seen) => [...seen])).toEqual([
      ['accepted'],
      ['refused-1'],
      ['refused-2'],
      ['refused-3'],
      ['refused-4'],
      ['refused-5'],
      ['protocol-error'],
    ]);
  });
});
