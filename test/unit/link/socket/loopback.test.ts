import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isLoopbackName, strayAddress } from '../../../../src/link/socket/loopback.ts';

describe('names that stand for this machine', () => {
  it.each(['localhost', 'LOCALHOST', 'localhost.', 'mqtt.localhost', 'a.b.localhost.'])('are %s', (host) => {
    expect(isLoopbackName(host)).toBe(true);
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each(['localhost.example', 'mylocalhost', '127.0.0.1', 'localhost..'])('are not %s', (host) => {
    expect(isLoopbackName(host)).toBe(false);
  });

  it('must lead to it, connection by connection', () => {
    expect(strayAddress('db.localhost', '127.0.0.9')).toBeNull();
    expect(strayAddress('db.localhost', '::1')).toBeNull();
    expect(strayAddress('db.localhost', '10.0.0.5')).toEqual(
      new Error('db.localhost leads to 10.0.0.5, which is not this machine'),
    );
    expect(strayAddress('db.example', '10.0.0.5')).toBeNull();
  });
});

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['127.example.com', false],
  ['::', false],
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});
