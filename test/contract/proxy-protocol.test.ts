import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { parser } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { proxyHeader } from '../../src/link/socket/proxy-header.ts';
import { secureContextOf } from '../../src/link/socket/tls.ts';
import { describeLinks, type LinkBench } from '../fixtures/links/link-bench.ts';
import { TestCa } from '../fixtures/servers/certificates.ts';
import { CONNACK_0 } from '../fixtures/servers/scripts.ts';

const ADDRESS = '203.0.113.9';
/** First byte of a CONNECT, and of a TLS handshake record. */
const [CONNECT, HANDSHAKE] = [0x10, 0x16];

/** A server that reads the header as a service behind a load balancer does, then hands the rest to `serve`. */
async function behindProxy(
  bench: LinkBench,
  headerBytes: (socket: Socket) => number,
  serve: (socket: Socket, header: Buffer, rest: Buffer) => void,
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    const read = (): void => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) bytes = Buffer.concat([bytes, chunk]);
      const length = headerBytes(socket);
      if (bytes.length <= length) return;
      socket.removeListener('readable', read);
      serve(socket, bytes.subarray(0, length), bytes.subarray(length));
    };
    socket.on('readable', read);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : expect.fail('no port');
}

/** What the header has to be: the port is the connection's own. */
function due(version: 'v1' | 'v2', { remotePort = 0, localPort = 0 }: Socket): Buffer {
  const [from, to] = [
    { address: ADDRESS, port: remotePort },
    { address: '127.0.0.1', port: localPort },
  ];
  return proxyHeader(version, { from, to });
}

describeLinks('PROXY protocol', (bench) => {
  test.each(['v1', 'v2'] as const)('%s goes before CONNECT, in one segment with it', async (version) => {
    const seen: { header: Buffer; due: Buffer; rest: Buffer }[] = [];
    const port = await behindProxy(
      bench,
      (socket) => due(version, socket).length,
      (socket, header, rest) => {
        seen.push({ header, due: due(version, socket), rest });
        // Read on, so that the client's FIN is seen and answered.
        socket.resume().write(CONNACK_0);
      },
    );
    await bench.open(port, { proxy: { version, address: ADDRESS } }).settled;
    expect(bench.listener.calls).toEqual(['accepted']);
    expect(seen.map(({ header }) => header)).toEqual(seen.map((connection) => connection.due));
    const packets: string[] = [];
    parser({ protocolVersion: 4 })
      .on('packet', ({ cmd }) => packets.push(cmd))
      .parse(seen[0]?.rest ?? Buffer.alloc(0));
    expect(seen[0]?.rest[0]).toBe(CONNECT);
    expect(packets).toEqual(['connect']);
    await new Promise<void>((resolve) => bench.link.end(resolve));
  });

  test.each(['v1', 'v2'] as const)('%s goes before the TLS handshake', async (version) => {
    const ca = await TestCa.make('Test CA');
    const secured = createTlsServer(await ca.sign('service', { ips: ['127.0.0.1'] }), (socket: TLSSocket) => {
      socket.once('data', () => socket.write(CONNACK_0));
    });
    const seen: { header: Buffer; due: Buffer; first: number | undefined }[] = [];
    const port = await behindProxy(
      bench,
      (socket) => due(version, socket).length,
      (socket, header, rest) => {
        seen.push({ header, due: due(version, socket), first: rest[0] });
        socket.unshift(rest);
        secured.emit('connection', socket);
      },
    );
    const rules = { ca: ca.pem, verify: true, minVersion: 'TLSv1.2', sessionResumption: false } as const;
    const tls = { context: secureContextOf(rules), verify: true };
    await bench.open(port, { proxy: { version, address: ADDRESS }, tls }).settled;
    expect(bench.listener.failure).toBeUndefined();
    expect(seen).toEqual(seen.map((connection) => ({ ...connection, header: connection.due, first: HANDSHAKE })));
    expect(seen).toHaveLength(1);
    await new Promise<void>((resolve) => bench.link.end(resolve));
  });
});
