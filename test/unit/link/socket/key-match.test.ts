import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isPlainlyKeyOf } from '../../../../src/link/socket/key-match.ts';
import { TestCa } from '../../../fixtures/servers/certificates.ts';

describe('isPlainlyKeyOf', () => {
  it('tells the key of a certificate from another one', async () => {
    const ca = await TestCa.make('CA');
    const [own, other] = [await ca.sign('own'), await ca.sign('other')];
    expect(isPlainlyKeyOf(own.cert, own.key)).toBe(true);
    expect(isPlainlyKeyOf(`text before it\n${own.cert}${other.cert}`, own.key)).toBe(true);
    expect(isPlainlyKeyOf(own.cert, other.key)).toBe(false);
    expect(isPlainlyKeyOf(own.key, own.cert)).toBe(false);
  });

  it('does not know what it cannot read', async () => {
    const { cert, key } = await (await TestCa.make('CA')).sign('own');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    expect(isPlainlyKeyOf(cert, privateKey.export(cipher).toString())).toBe(false);
    for (let length = 0; length < cert.length - 1; length += 13) {
      expect(isPlainlyKeyOf(cert.slice(0, length), key)).toBe(false);
    }
    const der = Buffer.from(cert.replaceAll(/-----.*-----/g, ''), 'base64');
    for (let length = 0; length < 200; length++) {
      const body = der.subarray(0, length).toString('base64');
      expect(isPlainlyKeyOf(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`, key)).toBe(false);
    }
  });
});
