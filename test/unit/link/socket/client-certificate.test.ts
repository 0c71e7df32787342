import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  ClientCertificateError,
  certificateFault,
  clientContext,
} from '../../../../src/link/socket/client-certificate.ts';
import { type Identity, TestCa } from '../../../fixtures/servers/certificates.ts';

const PASSPHRASE = 'open sesame';

let own: Identity;
let other: Identity;
let encryptedKey: string;
beforeAll(async () => {
  const ca = await TestCa.make('Test CA');
  own = await ca.sign('device');
  other = await ca.sign('another');
  encryptedKey = createPrivateKey(own.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
    .toString();
});

function container(name: string): { pfx: Uint8Array } {
  return { pfx: readFileSync(new URL(`../../../fixtures/certificates/${name}`, import.meta.url)) };
}

describe('a client certificate in PEM', () => {
  test('is taken with its key, encrypted or not; a passphrase that opens nothing does no harm', () => {
    expect(certificateFault(own)).toBeUndefined();
    expect(certificateFault(own, PASSPHRASE)).toBeUndefined();
    expect(certificateFault({ ...own, key: encryptedKey }, PASSPHRASE)).toBeUndefined();
    const old = createPrivateKey(own.key)
      .export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
      .toString();
    expect(old).toContain('Proc-Type: 4,ENCRYPTED');
    expect(certificateFault({ ...own, key: old }, PASSPHRASE)).toBeUndefined();
    expect(certificateFault({ ...own, key: old })?.message).toBe('is encrypted, but no passphrase is given');
  });

  test('with an encrypted key needs the right passphrase', () => {
    const encrypted = { ...own, key: encryptedKey };
    const closed = { part: 'key', message: 'is encrypted, but no passphrase is given' };
    expect(certificateFault(encrypted)).toMatchObject(closed);
    expect(certificateFault(encrypted, '')).toMatchObject(closed);
    expect(certificateFault(encrypted)?.hint).toMatch(/clientKeyPassphrase.*openssl pkey -in/);
    expect(certificateFault(encrypted, 'wrong')).toMatchObject({
      part: 'key',
      message: 'cannot be opened with the given passphrase',
    });
  });

  test('needs its own key', () => {
    const message = 'does not belong to the certificate';
    expect(certificateFault({ cert: own.cert, key: other.key })).toMatchObject({ part: 'key', message });
  });

  test('says what is wrong with what was given, and repeats nothing of it', () => {
    const der = new X509Certificate(own.cert).raw.toString('utf8');
    const cut = own.cert.slice(0, 120);
    const garbage = '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n';
    const faults = [
      certificateFault({ cert: der, key: own.key }),
      certificateFault({ cert: own.key, key: own.key }),
      certificateFault({ cert: '', key: own.key }),
      certificateFault({ cert: cut, key: own.key }),
      certificateFault({ cert: own.cert, key: '' }),
      certificateFault({ cert: own.cert, key: own.cert }),
      certificateFault({ cert: own.cert, key: garbage }),
    ];
    expect(faults.map((fault) => `${fault?.part} ${fault?.message}`)).toEqual([
      'certificate is DER, not PEM',
      'certificate holds something else',
      'certificate holds something else',
      expect.stringMatching(/^certificate cannot be read \(ERR_OSSL_/),
      'key holds something else',
      'key holds something else',
      expect.stringMatching(/^key cannot be read \(ERR_/),
    ]);
    expect(faults[0]?.hint).toBe('write it as PEM: openssl x509 -inform der -in FILE -out FILE.pem');
    expect(JSON.stringify(faults)).not.toContain('bm90IGEga2V5');
  });

  test('that cannot be used is an error in words', () => {
    expect(() => clientContext({ cert: own.cert, key: other.key }, undefined)).toThrow(ClientCertificateError);
    expect(() => clientContext({ cert: own.cert, key: other.key }, undefined)).toThrow(
      'the private key does not belong to the certificate',
    );
  });
});

describe('a client certificate in PKCS#12', () => {
  test('is taken with its passphrase', () => {
    expect(certificateFault(container('client.p12'), 'p12-passphrase')).toBeUndefined();
  });

  test.each([
    ['client.p12', undefined, 'is encrypted, but no passphrase is given'],
    ['client.p12', 'wrong', 'cannot be opened with the given passphrase'],
    ['without-key.p12', 'p12-passphrase', 'holds no private key'],
    ['legacy.p12', 'p12-passphrase', 'is encrypted in a way OpenSSL no longer takes'],
    ['client.pem', undefined, 'cannot be read'],
  ])('%s with passphrase %s', (name, passphrase, message) => {
    expect(certificateFault(container(name), passphrase)).toMatchObject({ part: 'pkcs12', message });
  });
});
