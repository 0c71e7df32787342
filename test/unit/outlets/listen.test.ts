import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hostAndPort, listenOn, portOf } from '../../../src/outlets/listen.ts';
import { parseListenAddress } from '../../../src/outlets/listen-address.ts';

const FORM = '--prometheus takes [HOST:]PORT, with a port of 0 to 65535; 0 lets the system choose';

describe('parseListenAddress', () => {
  it.each<[string, string, number]>([
    ['9100', '127.0.0.1', 9100],
    ['0', '127.0.0.1', 0],
    ['127.0.0.2:0', '127.0.0.2', 0],
    ['0.0.0.0:65535', '0.0.0.0', 65_535],
    ['[::1]:9100', '::1', 9100],
    ['[::]:9100', '::', 9100],
    ['bench-1.example:9100', 'bench-1.example', 9100],
    ['localhost:80', 'localhost', 80],
  ])('%s', (text, host, port) => {
    expect(parseListenAddress(text, '--prometheus')).toEqual({ ok: true, address: { host, port } });
  });

  it.each<[string, string]>([
    ['70000', FORM],
    ['-1', FORM],
    ['1.5', FORM],
    ['0x10', FORM],
    ['', FORM],
    ['localhost', FORM],
    ['localhost:', FORM],
    ['localhost:70000', FORM],
    ['http://localhost:9100', FORM],
    ['*:9100', FORM],
    ['a b:9100', FORM],
    ['a..b:9100', FORM],
    ['[localhost]:9100', FORM],
    ['[127.0.0.1]:9100', FORM],
    ['1:2:9100', FORM],
    [':9100', '--prometheus :9100 has no host; give 0.0.0.0:9100 for every address of this machine'],
    ['::1:9100', '--prometheus takes an IPv6 address in brackets: [::1]:9100'],
    [':::9100', '--prometheus takes an IPv6 address in brackets: [::]:9100'],
  ])('refuses %j', (text, fault) => {
    expect(parseListenAddress(text, '--prometheus')).toEqual({ ok: false, fault });
  });
});

describe('listenOn', () => {
  it('listens on the address that was named', async () => {
    const server = await listenOn({ host: '127.0.0.2', port: 0 }, '--prometheus');
    expect(server.address()).toMatchObject({ address: '127.0.0.2', port: portOf(server) });
    server.close();
  });

  it('says that the port is taken at that address', async () => {
    const taken = createServer().listen(0, '127.0.0.2');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    await expect(listenOn({ host: '127.0.0.2', port }, '--prometheus')).rejects.toMatchObject({
      name: 'PortError',
      message: `port ${port} of 127.0.0.2 is in use; give --prometheus another one`,
    });
    taken.close();
  });

  it.each([
    // Reserved for documentation: no machine has it.
    ['192.0.2.1', '192.0.2.1 is not an address of this machine; '],
    // Never resolves.
    ['nowhere.invalid', 'nowhere.invalid cannot be resolved to an address'],
  ])('says that %s is nothing to listen on', async (host, words) => {
    const listening = listenOn({ host, port: 0 }, '--prometheus');
    await expect(listening).rejects.toThrow(words);
    await expect(listening).rejects.toThrow(
      'give --prometheus one that this machine has, or only the port, for 127.0.0.1',
    );
  });
});

describe('hostAndPort', () => {
  it('puts IPv6 in brackets', () => {
    expect([hostAndPort('::1', 80), hostAndPort('10.0.0.1', 80)]).toEqual(['[::1]:80', '10.0.0.1:80']);
  });
});
