import { expect, test } from 'vitest';
import { describeLinks } from '../fixtures/links/link-bench.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import type { Script } from '../fixtures/servers/scripted-server.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

const ADDRESS = '127.0.0.1';
const NAME = 'localhost';

/** A client may open a connection to a name in another way than one to an address: what its end means must not depend on that. */
const ENDS: readonly [what: string, script: Script][] = [
  ['CONNACK 5', scripts.replyThenFin(scripts.connack(5))],
  ['FIN before CONNACK', scripts.finAtConnect],
  ['half a CONNACK, then FIN', scripts.replyThenFin(scripts.CONNACK_0.subarray(0, 3))],
  ['RST after CONNECT', scripts.resetAtConnect],
  ['garbage in place of CONNACK', scripts.reply(Buffer.alloc(4))],
  ['FIN of a session', scripts.replyThenFin(scripts.CONNACK_0)],
  ['garbage of a session', scripts.reply(Buffer.concat([scripts.CONNACK_0, Buffer.alloc(2)]))],
  ['a second CONNACK', scripts.reply(Buffer.concat([scripts.CONNACK_0, scripts.CONNACK_0]))],
];

describeLinks('a name in place of an address', (bench) => {
  test.each(ENDS)('%s: told in the same words', async (_what, script) => {
    const server = await bench.serve(script);
    const told: unknown[] = [];
    for (const host of [ADDRESS, NAME]) {
      bench.listener = new RecordingListener();
      const { settled, ended, calls } = bench.open(server.port, { host });
      await settled;
      if (calls[0] === 'accepted') await ended;
      const { failure, end } = bench.listener;
      told.push({ calls, failure, end });
    }
    const [byAddress, byName] = told.map((one) => JSON.stringify(one).replaceAll(NAME, ADDRESS));
    expect(byName).toBe(byAddress);
  });
});
