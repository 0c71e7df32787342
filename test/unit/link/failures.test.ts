import { describe, expect, test } from 'vitest';
import { addressOf, detailOf, failureOf } from '../../../src/link/failures.ts';

const endpoint = { host: 'broker.test', port: 1883 };

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: some text`), { code });
}

describe('failureOf', () => {
  test.each([
    ['ECONNREFUSED', 'tcp', 'tcp-refused'],
    ['EHOSTUNREACH', 'tcp', 'tcp-refused'],
    ['ENETUNREACH', 'tcp', 'tcp-refused'],
    ['ECONNRESET', 'tcp', 'tcp-reset'],
    ['ECONNRESET', 'mqtt', 'tcp-reset'],
    ['EPIPE', 'mqtt', 'tcp-reset'],
    ['ETIMEDOUT', 'tcp', 'tcp-timeout'],
    ['EMFILE', 'tcp', 'local-limit'],
    ['EMFILE', 'dns', 'local-limit'],
    ['ENFILE', 'tcp', 'local-limit'],
    ['EADDRNOTAVAIL', 'tcp', 'local-limit'],
    ['EADDRINUSE', 'tcp', 'local-limit'],
    ['ENOBUFS', 'tcp', 'local-limit'],
    ['ENOMEM', 'mqtt', 'local-limit'],
    ['EAGAIN', 'tcp', 'local-limit'],
    ['EAI_MEMORY', 'dns', 'local-limit'],
    ['EACCES', 'tcp', 'tcp-refused'],
    ['EPERM', 'tcp', 'tcp-refused'],
    ['EAFNOSUPPORT', 'tcp', 'tcp-refused'],
    ['EINVAL', 'mqtt', 'tcp-reset'],
    ['ENOTFOUND', 'dns', 'dns-failed'],
    ['EAI_AGAIN', 'dns', 'dns-failed'],
  ] as const)('%s in %s is %s', (code, phase, outcome) => {
    expect(failureOf(errno(code), phase, endpoint)).toEqual({ outcome, phase, detail: `${code} broker.test:1883` });
  });

  test.each([
    ['dns', 'dns-failed'],
    ['tcp', 'tcp-refused'],
    ['tls', 'tls-failed'],
    ['mqtt', 'tcp-reset'],
  ] as const)(
    'an error without an errno in %s is %s: nothing says that this machine ran out of something',
    (phase, outcome) => {
      expect(failureOf(new Error('odd'), phase, endpoint)).toMatchObject({ outcome, phase });
    },
  );

  test('what this machine ran out of is a local limit in the handshake too', () => {
    expect(failureOf(errno('ENOMEM'), 'tls', endpoint)).toMatchObject({ outcome: 'local-limit', phase: 'tls' });
  });
});

test('details name an IPv6 endpoint in brackets', () => {
  expect(addressOf({ host: '::1', port: 8883 })).toBe('[::1]:8883');
  expect(detailOf(errno('EPIPE'), { host: '::1', port: 8883 })).toBe('EPIPE [::1]:8883');
});
