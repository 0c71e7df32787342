import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hmacHex } from '../../../../src/device/auth/hmac.ts';

const DIGESTS = ['md5', 'sha1', 'sha256'] as const;

describe('HMAC', () => {
  // RFC 2202 and RFC 4231, second case.
  test.each([
    ['md5', '750c783e6ab0b503eaa86e310a5db738'],
    ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ] as const)('%s of the RFC', (digest, expected) => {
    expect(hmacHex(digest, 'Jefe', 'what do ya want for nothing?')).toBe(expected);
  });

  test('is what Node says, for any text and for keys on both sides of a block', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3_000 });
    const key = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ minLength: 62, maxLength: 66 }));
    fc.assert(
      fc.property(fc.constantFrom(...DIGESTS), key, text, (digest, secret, content) => {
        expect(hmacHex(digest, secret, content)).toBe(createHmac(digest, secret).update(content).digest('hex'));
      }),
    );
  });

  test('nothing of one signature is left in the next', () => {
    hmacHex('sha256', 'a key that is long', 'a text that is long, too');
    expect(hmacHex('md5', 'k', 't')).toBe(createHmac('md5', 'k').update('t').digest('hex'));
  });
});
