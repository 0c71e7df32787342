import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SIGN_METHODS, sign } from '../../../../src/device/auth/signing.ts';
import { authSignedContent, decideAuth } from '../../../../src/emulator/auth/auth-login.ts';
import type { Registry } from '../../../../src/emulator/login/registry.ts';

const registry: Registry = {
  find: (productKey, deviceName) =>
    productKey === '123' && deviceName === 'test' ? { deviceSecret: 'secret', mode: 'both' } : undefined,
};

/** The document's own sample, the misspelling included. */
const SAMPLE = 'productKey=123&sign=123&timestamp=123&version=default&clientId=123&resouces=mqtt&deviceName=test';

describe("the document's sample", () => {
  const content = 'clientId123deviceNametestproductKey123timestamp123';

  test('is signed as the document says', () => {
    expect(authSignedContent(new URLSearchParams(SAMPLE))).toBe(content);
  });

  test('has a wrong signature as it stands, and gets in with the right one, whatever its case', () => {
    const form = new URLSearchParams(SAMPLE);
    expect(decideAuth(form, registry, 64)).toEqual({ kind: 'refuse', code: 401 });
    form.set('sign', sign('hmacmd5', 'secret', content).toUpperCase());
    const device = { productKey: '123', deviceName: 'test' };
    expect(decideAuth(form, registry, 64)).toEqual({ kind: 'accept', device, wantsMqtt: false });
  });
});

test('everything else that is submitted is signed too', () => {
  const form = new URLSearchParams('b=2&resources=x&signmethod=y&sign=z&version=1&B=3&a=1&resouces=q');
  expect(authSignedContent(form)).toBe('B3a1b2');
});

test('what a device signs gets in, and with one changed parameter not', () => {
  const text = fc.string({ minLength: 1, maxLength: 32, unit: 'grapheme' });
  const extra = fc.option(text, { nil: undefined });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      fc.constantFrom(...SIGN_METHODS),
      extra,
      (productKey, deviceName, clientId, signmethod, salt) => {
        fc.pre([...clientId].length <= 64);
        const form = new URLSearchParams({ signmethod, deviceName, clientId, productKey, ...(salt && { salt }) });
        form.set('sign', sign(signmethod, 's', authSignedContent(form)));
        const only: Registry = { find: () => ({ deviceSecret: 's', mode: 'https-token' }) };
        const posted = new URLSearchParams(form.toString());
        expect(decideAuth(posted, only, 64)).toMatchObject({ kind: 'accept', device: { productKey, deviceName } });
        posted.set('timestamp', '1');
        expect(decideAuth(posted, only, 64)).toEqual({ kind: 'refuse', code: 401 });
      },
    ),
  );
});

test('whatever the body, the answer is a decision', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (body) => {
      expect(decideAuth(new URLSearchParams(body), registry, 64).kind).toBe('refuse');
    }),
  );
});
