import { describe, expect, test } from 'vitest';
import { type LocalEnd, SourcePool } from '../../../../src/link/socket/source-addresses.ts';

const PLAN = { addresses: ['127.0.0.1', '127.0.0.2'], firstPort: 100, lastPort: 104, step: 2 };

function taken(pool: SourcePool, times: number, target = '127.0.0.9', port = 1883): LocalEnd[] {
  return Array.from({ length: times }, () => pool.take(target, port)).filter((end) => typeof end === 'object');
}

describe('SourcePool', () => {
  test('takes sources in turn, each port once, then says that all are in use', () => {
    const pool = new SourcePool(PLAN);
    const ends = taken(pool, 6).map(({ address, port }) => `${address}:${port}`);
    expect(ends).toEqual([
      '127.0.0.1:100',
      '127.0.0.2:100',
      '127.0.0.1:102',
      '127.0.0.2:102',
      '127.0.0.1:104',
      '127.0.0.2:104',
    ]);
    expect(pool.take('127.0.0.9', 1883)).toBe('exhausted');
    expect(pool.use).toEqual({ used: 6, left: 0, leastLeft: undefined });
  });

  test('begins where it is told to, source by source, and goes round', () => {
    const places = [0.7, 0.4];
    const pool = new SourcePool(PLAN, () => places.shift() ?? 0);
    const ends = taken(pool, 6).map(({ address, port }) => `${address}:${port}`);
    expect(ends).toEqual([
      '127.0.0.1:104',
      '127.0.0.2:102',
      '127.0.0.1:100',
      '127.0.0.2:104',
      '127.0.0.1:102',
      '127.0.0.2:100',
    ]);
    expect(pool.take('127.0.0.9', 1883)).toBe('exhausted');
  });

  test('lets a port rest as long as it can', () => {
    const pool = new SourcePool({ ...PLAN, addresses: ['127.0.0.1'] });
    const [first] = taken(pool, 1);
    if (first !== undefined) pool.release(first);
    expect(taken(pool, 3).map(({ port }) => port)).toEqual([102, 104, 100]);
  });

  test('gives a port back once', () => {
    const pool = new SourcePool(PLAN);
    const [first, second] = taken(pool, 2);
    if (first === undefined || second === undefined) expect.fail('no ends');
    pool.release(first);
    pool.release(first);
    expect(pool.use).toEqual({ used: 1, left: 5, leastLeft: undefined });
  });

  test('tells of a source once a connection has come from it, and once', () => {
    const pool = new SourcePool({ ...PLAN, addresses: ['10.0.0.2', '127.0.0.2', '127.0.0.3'] });
    const [first, second, third] = taken(pool, 3);
    if (first === undefined || second === undefined || third === undefined) expect.fail('no ends');
    expect([pool.takeNewlyUsed(), pool.use.leastLeft]).toEqual([[], undefined]);
    pool.connected(second);
    pool.connected(second);
    expect([pool.takeNewlyUsed(), pool.takeNewlyUsed()]).toEqual([[2], []]);
    expect(pool.use.leastLeft).toBe(2);
    pool.connected(first);
    // 127.0.0.2 has given two of its three ports, and 10.0.0.2 none: it reaches no target.
    expect([pool.takeNewlyUsed(), pool.use.leastLeft]).toEqual([[1], 1]);
  });

  test('never takes the port of the target, which would connect to itself', () => {
    const pool = new SourcePool({ ...PLAN, addresses: ['127.0.0.1'] });
    expect(taken(pool, 3, '127.0.0.1', 102).map(({ port }) => port)).toEqual([100, 104]);
  });

  test('uses each port once for each address of the service', () => {
    const pool = new SourcePool(PLAN);
    const [to] = taken(pool, 6, '127.0.0.9', 1883);
    expect(taken(pool, 7, '127.0.0.9', 1884)).toHaveLength(6);
    expect(taken(pool, 7, '127.0.0.8', 1883)).toHaveLength(6);
    expect(pool.take('127.0.0.9', 1883)).toBe('exhausted');
    if (to === undefined) expect.fail('no end');
    pool.release(to);
    expect(pool.take('127.0.0.9', 1884)).toBe('exhausted');
    expect(taken(pool, 2, '127.0.0.9', 1883)).toEqual([to]);
    expect(pool.use).toMatchObject({ used: 18, left: 0 });
  });

  test('shares the ports of further places once there are 64, which a service may name at will', () => {
    const pool = new SourcePool(PLAN);
    for (let port = 1; port <= 64; port++) taken(pool, 1, '127.0.0.9', port);
    const others = [...taken(pool, 5, '127.0.0.9', 2_000), ...taken(pool, 5, '127.0.0.8', 3_000)];
    // The first place has used one of its six ports itself.
    expect(others).toHaveLength(5);
    for (const end of others) pool.release(end);
    expect(pool.use.used).toBe(64);
  });

  test.each([
    ['10.0.0.1', 'loopback reaches nothing else'],
    ['::1', 'another family'],
  ])('leaves %s to the system: %s', (target) => {
    expect(new SourcePool(PLAN).take(target, 1883)).toBe('system');
  });

  test('uses the sources that reach the target, and only these', () => {
    const pool = new SourcePool({ ...PLAN, addresses: ['10.0.0.2', '127.0.0.2', 'fd00::2'] });
    expect(taken(pool, 2, '10.0.0.1').map(({ address }) => address)).toEqual(['10.0.0.2', '10.0.0.2']);
    expect(taken(pool, 1, '127.0.0.1').map(({ address }) => address)).toEqual(['127.0.0.2']);
    expect(taken(pool, 1, 'fd00::1').map(({ address }) => address)).toEqual(['fd00::2']);
  });
});
