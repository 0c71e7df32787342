import { expect, test } from 'vitest';
import { describeLinks, LONG_US, socketsGone } from '../fixtures/links/link-bench.ts';
import { FullBacklog } from '../fixtures/servers/full-backlog.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

describeLinks('end by the session', (bench) => {
  test('end sends DISCONNECT, then FIN', async () => {
    const server = await bench.online();
    await new Promise<void>((resolve) => bench.link.end(resolve));
    await server.connection().closed;
    expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect', 'disconnect']);
    expect(server.connection().signs).toEqual(['FIN']);
    expect(bench.listener.calls).toEqual(['accepted']);
  });

  test('end inside onAccepted leaves in order as well', async () => {
    const server = await bench.serve(scripts.accept);
    let closed = 0;
    bench.listener.whenAccepted = () => bench.link.end(() => closed++);
    await bench.open(server.port).settled;
    await server.connection().closed;
    await socketsGone();
    expect(closed).toBe(1);
    expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect', 'disconnect']);
    expect(bench.listener.calls).toEqual(['accepted']);
  });

  test('end twice calls back twice, and a third time at once', async () => {
    await bench.online();
    const twice = [0, 1].map(() => new Promise<void>((resolve) => bench.link.end(resolve)));
    await Promise.all(twice);
    let isClosed = false;
    bench.link.end(() => {
      isClosed = true;
    });
    expect(isClosed).toBe(true);
  });

  test('end is bounded when the service does not close', async () => {
    const server = await bench.serve(scripts.accept, { allowHalfOpen: true });
    await bench.open(server.port).settled;
    const closed = new Promise<void>((resolve) => bench.link.end(resolve));
    await expect.poll(() => server.connection().signs).toEqual(['FIN']);
    // Its bound is held to the microsecond on a played clock, in the unit tests.
    bench.time.skip(LONG_US);
    await closed;
    expect(bench.listener.calls).toEqual(['accepted']);
  });

  test('end while connecting aborts without a call', async () => {
    const backlog = await FullBacklog.start();
    bench.stops.push(() => backlog.stop());
    bench.open(backlog.port);
    await new Promise<void>((resolve) => bench.link.end(resolve));
    expect(bench.listener.calls).toEqual([]);
  });

  test('end before CONNACK aborts without a call', async () => {
    const server = await bench.serve(scripts.silence);
    bench.open(server.port);
    await (await server.accepted).connectCame;
    await new Promise<void>((resolve) => bench.link.end(resolve));
    await server.connection().closed;
    expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
    expect(bench.listener.calls).toEqual([]);
  });

  test('end after the service ended calls back', async () => {
    const server = await bench.online();
    server.connection().socket.end();
    await bench.listener.ended;
    await new Promise<void>((resolve) => bench.link.end(resolve));
    expect(bench.listener.calls).toEqual(['accepted', 'ended']);
  });

  test('reset online sends RST and no DISCONNECT', async () => {
    const server = await bench.online();
    bench.link.reset();
    await server.connection().closed;
    expect(server.connection().signs).toEqual(['ECONNRESET']);
    expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
    expect(bench.listener.calls).toEqual(['accepted']);
  });

  test('reset before CONNACK sends RST', async () => {
    const server = await bench.serve(scripts.silence);
    bench.open(server.port);
    await (await server.accepted).connectCame;
    bench.link.reset();
    await server.connection().closed;
    expect(server.connection().signs).toEqual(['ECONNRESET']);
    expect(bench.listener.calls).toEqual([]);
  });

  test('reset while connecting sends RST and no CONNECT', async () => {
    const server = await bench.serve(scripts.silence);
    bench.open(server.port);
    bench.link.reset();
    await server.accepted;
    await server.connection().closed;
    expect(server.connection().signs).toEqual(['ECONNRESET']);
    expect(server.connection().packets).toEqual([]);
    expect(bench.listener.calls).toEqual([]);
  });

  test('reset after reset, and after the end, does nothing', async () => {
    await bench.online();
    bench.link.reset();
    bench.link.reset();
    bench.link.end();
    await socketsGone();
    bench.link.reset();
    expect(bench.listener.calls).toEqual(['accepted']);
  });
});
