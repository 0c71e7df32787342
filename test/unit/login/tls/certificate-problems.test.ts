import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { distinguishedName, sharesWords } from '../../../../src/login/tls/certificate-names.ts';
import { type ChainEvidence, certificateProblems } from '../../../../src/login/tls/certificate-problems.ts';
import { type Leaf, TestCa } from '../../../fixtures/servers/certificates.ts';

const HERE: Leaf = { dns: ['localhost'] };

let root: TestCa;
let rootCertificate: X509Certificate;
beforeAll(async () => {
  root = await TestCa.make('Acme root CA');
  rootCertificate = new X509Certificate(root.pem);
});

async function leaf(ca: TestCa, about: Leaf = HERE): Promise<X509Certificate> {
  return new X509Certificate((await ca.sign('service', about)).cert);
}

function kinds(evidence: Partial<ChainEvidence>): string[] {
  const whole = { chain: [], code: undefined, wrongName: undefined, cas: [rootCertificate], nowMs: Date.now() };
  return certificateProblems({ ...whole, ...evidence }).map(({ kind }) => kind);
}

describe('the problems of a chain', () => {
  it('are none where OpenSSL has none', async () => {
    expect(kinds({ chain: [await leaf(root)] })).toEqual([]);
  });

  it('are a date, of the service or of a CA', async () => {
    const expired = await leaf(root, { ...HERE, endsInDays: -1 });
    expect(kinds({ chain: [expired, rootCertificate], code: 'CERT_HAS_EXPIRED' })).toEqual(['expired']);
    const early = await leaf(root, { ...HERE, startsInDays: 3 });
    expect(kinds({ chain: [early, rootCertificate], code: 'CERT_NOT_YET_VALID' })).toEqual(['not-yet-valid']);
  });

  it('are a name', async () => {
    const chain = [await leaf(root), rootCertificate];
    expect(kinds({ chain, code: 'ERR_TLS_CERT_ALTNAME_INVALID', wrongName: 'broker' })).toEqual(['name']);
  });

  it('are all, though OpenSSL names one: an unknown CA, a date, a name', async () => {
    const chain = [await leaf(await TestCa.make('Somebody'), { ...HERE, endsInDays: -1 })];
    expect(kinds({ chain, code: 'CERT_HAS_EXPIRED', wrongName: 'broker' })).toEqual([
      'missing-issuer',
      'expired',
      'name',
    ]);
  });

  it('are a chain that ends early, of the family of a trusted CA or not', async () => {
    const code = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE';
    const issuing = await root.subordinate('Acme issuing CA 2');
    const missing = certificateProblems({
      chain: [await leaf(issuing)],
      code,
      wrongName: undefined,
      cas: [rootCertificate],
      nowMs: 0,
    });
    expect(missing).toMatchObject([{ kind: 'missing-issuer', isFamily: true }, { kind: 'not-yet-valid' }]);
    const other = await leaf(await TestCa.make('Somebody'));
    const unknown = certificateProblems({
      chain: [other],
      code,
      wrongName: undefined,
      cas: undefined,
      nowMs: Date.now(),
    });
    expect(unknown).toMatchObject([{ kind: 'missing-issuer', isFamily: false }]);
  });

  it('are a CA that is not trusted, one with another key, and a certificate that signs itself', async () => {
    const other = await TestCa.make('Somebody');
    const otherRoot = new X509Certificate(other.pem);
    const code = 'SELF_SIGNED_CERT_IN_CHAIN';
    expect(kinds({ chain: [await leaf(other), otherRoot], code })).toEqual(['unknown-ca']);
    const twin = await TestCa.make('Acme root CA');
    expect(kinds({ chain: [await leaf(twin)], code: 'CERT_SIGNATURE_FAILURE' })).toEqual(['other-key']);
    expect(kinds({ chain: [otherRoot], code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })).toEqual(['self-signed']);
  });

  it('are what OpenSSL says, if it is something else', async () => {
    expect(kinds({ chain: [await leaf(root)], code: 'INVALID_PURPOSE' })).toEqual(['other']);
    expect(kinds({ code: 'CERT_REJECTED' })).toEqual(['other']);
  });
});

describe('names of CAs', () => {
  it.each([
    ['O=Acme\nCN=Acme Root CA', 'O=Acme\nCN=Issuing CA 1', true],
    ['CN=Login test root CA', 'CN=Login test intermediate CA', true],
    ['CN=Somebody Root CA', 'CN=Acme Issuing CA 1', false],
    ['C=DE\nCN=Root CA 1', 'C=DE\nCN=Root CA 2', false],
  ])('%j and %j', (one, other, isFamily) => {
    expect(sharesWords(one, other)).toBe(isFamily);
  });

  it('are written in one line', () => {
    expect([distinguishedName('O=Acme\nCN=broker'), distinguishedName('')]).toEqual(['CN=broker, O=Acme', '(no name)']);
  });
});
