import { once } from 'node:events';
import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { PacketSocket } from '../../../../src/link/mqttjs/packet-socket.ts';

it('sends what was gathered while corked, in order, and pipes what comes back', async () => {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') return expect.fail('no port');
  const socket = new PacketSocket().connect(address.port, '127.0.0.1');
  await once(socket, 'connect');
  const echoed = new PassThrough();
  expect(socket.pipe(echoed)).toBe(echoed);
  socket.cork();
  socket.write(Buffer.from([0x10, 0x02]));
  socket.write('text', 'utf8');
  socket.write('4d51', 'hex');
  socket.uncork();
  const [piece] = await once(echoed, 'data');
  expect(piece).toEqual(Buffer.from([0x10, 0x02, 0x74, 0x65, 0x78, 0x74, 0x4d, 0x51]));
  socket.destroy();
  server.close();
  await once(server, 'close');
});
