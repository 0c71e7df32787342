import { isIPv4 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { proxyAddress, proxyHeader } from '../../../../src/link/socket/proxy-header.ts';

const V4 = { from: { address: '198.18.0.1', port: 56_324 }, to: { address: '127.0.0.1', port: 1883 } };
const V6 = { from: { address: '2001:db8::7', port: 1_025 }, to: { address: '::1', port: 8883 } };

describe('header of the PROXY protocol', () => {
  test.each([
    ['IPv4', V4, 'PROXY TCP4 198.18.0.1 127.0.0.1 56324 1883\r\n'],
    ['IPv6', V6, 'PROXY TCP6 2001:db8::7 ::1 1025 8883\r\n'],
    ['both', { ...V4, to: V6.to }, 'PROXY TCP6 ::ffff:198.18.0.1 ::1 56324 8883\r\n'],
  ])('version 1 over %s', (_family, ends, line) => {
    expect(proxyHeader('v1', ends).toString('ascii')).toBe(line);
  });

  test('version 2 over IPv4, byte by byte', () => {
    expect(proxyHeader('v2', V4).toString('hex')).toBe(
      ['0d0a0d0a000d0a515549540a', '21', '11', '000c', 'c6120001', '7f000001', 'dc04', '075b'].join(''),
    );
  });

  test('version 2 over IPv6, byte by byte', () => {
    const from = '20010db8000000000000000000000007';
    const to = '00000000000000000000000000000001';
    expect(proxyHeader('v2', V6).toString('hex')).toBe(
      ['0d0a0d0a000d0a515549540a', '21', '21', '0024', from, to, '0401', '22b3'].join(''),
    );
  });

  test.each([
    ['::', '0'.repeat(32)],
    ['fe80::1%eth0', `fe80${'0'.repeat(27)}1`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['2001:db8:1::', `20010db80001${'0'.repeat(20)}`],
    ['::ffff:192.0.2.1', `${'0'.repeat(20)}ffffc0000201`],
  ])('writes %s as its 16 bytes', (address, hex) => {
    const header = proxyHeader('v2', { from: { address, port: 1 }, to: { address: '::1', port: 2 } });
    expect(header.subarray(16, 32).toString('hex')).toBe(hex);
  });
});

describe('address of a device', () => {
  test('is one of the sources in turn', () => {
    const sources = ['192.0.2.1', '192.0.2.2', '2001:db8::1'];
    expect([0, 1, 2, 3].map((index) => proxyAddress(index, sources))).toEqual([...sources, '192.0.2.1']);
  });

  test('is its own where there are no sources, in 198.18.0.0/15 and never one of a net itself', () => {
    expect([0, 253, 254, 65_023, 65_024, 130_047].map((index) => proxyAddress(index, undefined))).toEqual([
      ...['198.18.0.1', '198.18.0.254', '198.18.1.1', '198.18.255.254', '198.19.0.1', '198.19.255.254'],
    ]);
    const all = new Set(Array.from({ length: 130_048 }, (_, index) => proxyAddress(index, undefined)));
    expect(all.size).toBe(130_048);
    expect([...all].every(isIPv4)).toBe(true);
    expect(proxyAddress(130_048, undefined)).toBe('198.18.0.1');
  });
});
