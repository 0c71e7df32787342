import { memoryUsage } from 'node:process';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LeanLinkFactory } from '../../src/link/lean/lean.ts';
import type { LinkFactory, LinkOptions } from '../../src/link/port.ts';
import { BytePlayer, type Played } from '../fixtures/links/byte-player.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import { RecordingMessages } from '../fixtures/links/recording-messages.ts';
import { RawServer } from '../fixtures/servers/raw-server.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept, CONNACK_0 } from '../fixtures/servers/scripts.ts';

/** Services that speak another MQTT, or this one against its rules: the session they have to do with ends, and nothing else. */

const properties = fc.uint8Array({ maxLength: 40 });

/** A CONNACK of MQTT 5: flags, reason code, properties behind their length. */
const connack5 = fc
  .tuple(fc.nat(1), fc.oneof(fc.constant(0), fc.integer({ min: 0x80, max: 0x9f }), fc.nat(255)), properties)
  .map(([flags, reason, rest]) => Buffer.from([0x20, rest.length + 3, flags, reason, rest.length, ...rest]));

/** A DISCONNECT: of MQTT 5 with reason and properties, or of MQTT 3.1.1, which no service sends. */
const disconnect = fc.oneof(
  fc.constant(Buffer.from([0xe0, 0])),
  fc.nat(255).map((reason) => Buffer.from([0xe0, 1, reason])),
  fc.tuple(fc.nat(255), properties).map(([reason, rest]) => {
    return Buffer.from([0xe0, rest.length + 2, reason, rest.length, ...rest]);
  }),
);

const connack = fc.tuple(fc.nat(255), fc.nat(255)).map((body) => Buffer.from([0x20, 2, ...body]));

function halves(bytes: Buffer, at: number): Uint8Array[] {
  return [bytes.subarray(0, at), bytes.subarray(at)].filter(({ length }) => length > 0);
}

describe('a service that speaks otherwise', () => {
  let player: BytePlayer;
  beforeAll(() => {
    player = new BytePlayer();
  });
  afterAll(async () => {
    expect(player.timers).toBe(0);
    await player.stop();
  });

  function expectAlike(played: readonly Played[], calls: readonly string[], verdicts: RegExp): void {
    for (const each of played) {
      expect({ client: each.client, calls: each.calls }).toEqual({ client: each.client, calls });
      expect(each.verdict).toMatch(verdicts);
      expect(each.verdict).toBe(played[0]?.verdict);
    }
  }

  test('answers CONNECT as MQTT 5 does: one failed login, the same for both clients', async () => {
    await fc.assert(
      fc.asyncProperty(connack5, fc.nat(60), async (bytes, at) => {
        expectAlike(await player.login(halves(bytes, at)), ['failed'], /^(protocol-error|refused-\d+)$/);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['sends a second CONNACK', fc.oneof(connack, connack5)],
    ['sends DISCONNECT', disconnect],
  ])('%s: the session ends, the same for both clients', async (_what, bytes) => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(60), async (all, at) => {
        expectAlike(await player.session(halves(all, at)), ['accepted', 'ended'], /^(protocol-error|disconnect-\d+)$/);
      }),
      { numRuns: 40 },
    );
  });
});

/** With the lean client, as MQTT.js would take most of a minute to answer the million messages that fill the buffers of a system. */
describe('a service that floods and never reads', () => {
  /**
   * What the flood may take from the service before its session ends: the answers fill the buffers of both systems first, with about half
   * of this, and what the client may hold behind them.
   */
  const MOST_BYTES = 16 * 2 ** 20;
  /** Far above what the two buffers and the runtime take; the answers to all of the flood would take several times as much. */
  const MOST_MEMORY = 256 * 2 ** 20;
  const NEWS = generate({ cmd: 'publish', topic: 't', payload: '', qos: 1, messageId: 7, retain: false, dup: false });
  const PIECE = Buffer.concat(Array.from({ length: 8_192 }, () => NEWS));

  test('loses its sessions, in bounded memory, and those of others go on', { timeout: 240_000 }, async () => {
    const time = new RealTime();
    const factory = new LeanLinkFactory({ clock: time.clock, wheel: time.wheel });
    let bytes = 0;
    const flood = await RawServer.start((socket) => {
      const goOn = (): void => {
        while (!socket.destroyed && bytes < MOST_BYTES) {
          bytes += PIECE.length;
          if (!socket.write(PIECE)) return;
        }
        // What it never got to read makes this a reset, as a service that dies does.
        if (bytes >= MOST_BYTES) socket.end();
      };
      socket.once('data', () => {
        socket.pause().on('drain', goOn).write(CONNACK_0);
        goOn();
      });
    });
    const calm = await ScriptedServer.start(accept);
    const before = memoryUsage.rss();
    const [flooded, others] = [opened(factory, flood.port), opened(factory, calm.port)];
    await others.listener.settled;
    await flooded.listener.settled;
    await flooded.listener.ended;
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(memoryUsage.rss() - before).toBeLessThan(MOST_MEMORY);
    expect(flooded.listener.calls).toEqual(['accepted', 'ended']);
    expect(flooded.listener.end?.cause).not.toBe('local-limit');
    expect(others.listener.calls).toEqual(['accepted']);
    await others.ended();
    await flood.stop();
    await calm.stop();
    time.stop();
  });

  function opened(factory: LinkFactory, port: number): { listener: RecordingListener; ended: () => Promise<void> } {
    const listener = new RecordingListener();
    const endpoint = { host: '127.0.0.1', port };
    const connection = { keepaliveSec: 600, clean: true, connectTimeoutUs: 60_000_000 };
    const options: LinkOptions = { endpoint, clientId: 'd', connection };
    const link = factory.open(options, listener);
    listener.whenAccepted = () => link.subscribe([{ topic: 't', qos: 1 }], new RecordingMessages());
    return { listener, ended: () => new Promise((resolve) => link.end(resolve)) };
  }
});
