import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type AgentShare, PLAN_SCHEMA_VERSION } from '../../../../../src/host/agents/payload/agent-share.ts';
import { packShare, unpackShare } from '../../../../../src/host/agents/payload/pack-share.ts';
import { RunKey } from '../../../../../src/host/agents/payload/run-key.ts';
import { ShareError, type ShareRefusal } from '../../../../../src/host/agents/payload/share-error.ts';
import { LABEL, listedShard, plainShare, planOf, rowOf } from '../../../../fixtures/agents/agent-shares.ts';
import { plainFleet } from '../../../../fixtures/plain-fleet.ts';

const key = new RunKey(randomBytes(32));

const CLIENT = { cert: 'CERT', key: 'KEY' };
const TLS = { verify: true, minVersion: 'TLSv1.2', sessionResumption: false } as const;
const ACCESS = plainShare().access;

/** Why it is not taken, as the agent would say it. */
function refusal(
  packed: unknown,
  label = LABEL,
  itsKey: RunKey | undefined = key,
): { why: ShareRefusal; words: string } {
  try {
    unpackShare(packed, itsKey, label);
  } catch (error) {
    if (error instanceof ShareError) return { why: error.refusal, words: error.message };
    throw error;
  }
  throw new Error('taken');
}

/** The share as a key would let anybody seal it, whatever it is. */
function sealed(content: unknown): unknown {
  return packShare(content as AgentShare, key, LABEL);
}

describe('a share without a key', () => {
  const rows = [rowOf({ deviceSecret: 's3cret' })];
  const password = { mode: 'password', clientId: 'c' } as const;

  it.each([
    [{ plans: [planOf([listedShard(rows)])] }, 'the device secrets of meters.csv'],
    [{ plans: [planOf([listedShard([rowOf({ certificate: CLIENT })])])] }, 'the private keys of meters.csv'],
    [
      {
        plans: [
          planOf([
            listedShard([rowOf({ columns: ['t0ken'] })], { auth: { ...password, password: `\${column:token}` } }),
          ]),
        ],
      },
      'the column token of meters.csv',
    ],
    [
      { plans: [planOf([{ fleet: plainFleet({ auth: { ...password, username: 'u', password: `x\${index}` } }) }])] },
      'the password of fleet meters',
    ],
    [
      { plans: [planOf([{ fleet: plainFleet({ auth: { ...password, username: 't0ken' } }) }])] },
      'the user name without a password of fleet meters',
    ],
    [{ environment: { MQTT_PASSWORD: 'x' } }, 'the value of the environment variable MQTT_PASSWORD'],
    [{ access: { ...ACCESS, tls: { ...TLS, client: CLIENT } } }, 'the private key of target.tls.clientKey'],
    [
      { access: { ...ACCESS, tls: { ...TLS, client: { pfx: new Uint8Array(3) } } } },
      'the private key of target.tls.clientPfx',
    ],
    [{ access: { ...ACCESS, tls: { ...TLS, passphrase: 'x' } } }, 'the passphrase of target.tls.clientKeyPassphrase'],
  ] satisfies [Partial<AgentShare>, string][])('is refused by what is secret %#', (special, secret) => {
    const refused = (): unknown => packShare(plainShare(special), undefined, LABEL);
    expect(refused).toThrow(`what agents would get holds secrets (${secret}), and those are never sent open`);
    expect(refused).toThrow(/--key-file FILE or in FLEETSTORM_RUN_KEY; `openssl rand -base64 32` makes one$/);
    expect(unpackShare(packShare(plainShare(special), key, LABEL), key, LABEL)).toEqual(plainShare(special));
  });

  it.each([
    [{ plans: [planOf([{ fleet: plainFleet({}) }])] }],
    [{ plans: [planOf([listedShard([rowOf()], { auth: password })])] }],
    [
      {
        plans: [
          planOf([listedShard([rowOf({ columns: ['b1'] })], { auth: { ...password, clientId: `\${column:site}` } })]),
        ],
      },
    ],
    [
      {
        plans: [
          planOf([{ fleet: plainFleet({ auth: { ...password, username: 'u', password: `\${deviceSecret}` } }) }]),
        ],
      },
    ],
    [{ access: { ...ACCESS, tls: { ...TLS, ca: 'CA' } } }],
  ] satisfies [Partial<AgentShare>][])('travels open if nothing of it is secret %#', (special) => {
    const share = plainShare(special);
    expect(unpackShare(packShare(share, undefined, LABEL), undefined, LABEL)).toEqual(share);
  });

  it('names many secrets shortly', () => {
    const environment = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`V${index}`, 'x']));
    expect(() => packShare(plainShare({ environment }), undefined, LABEL)).toThrow(/variable V5; and 3 more\)/);
  });
});

describe('an agent refuses a share', () => {
  const packed = packShare(plainShare(), key, LABEL);

  it('of another version, with both versions', () => {
    expect(refusal(packed, { ...LABEL, version: '1.3.0' })).toEqual({
      why: 'version',
      words: 'the share is of fleetstorm 1.2.3, and this agent is fleetstorm 1.3.0: run the same version on both sides',
    });
    expect(refusal({ ...packed, version: '\u001b[31m' }).words).not.toContain('\u001b');
  });

  it('of another plan schema, with both, whatever else is in it', () => {
    expect(refusal({ schema: PLAN_SCHEMA_VERSION + 1, version: LABEL.version, news: 1 })).toEqual({
      why: 'version',
      words: `the share has plan schema ${PLAN_SCHEMA_VERSION + 1}, and this agent reads plan schema ${PLAN_SCHEMA_VERSION}: run the same build of fleetstorm on both sides`,
    });
  });

  it('sealed with another key, or that it has no key for', () => {
    expect(refusal(packed, LABEL, new RunKey(randomBytes(32)))).toEqual({
      why: 'wrong-key',
      words: 'the share is sealed with another key than this agent has: give both the same file',
    });
    expect(() => unpackShare(packed, undefined, LABEL)).toThrow(
      /sealed, and this agent has no key: start it with the same --key-file/,
    );
  });

  it('that is not sealed, if it has a key: whoever lacks the key commands nothing', () => {
    const open = packShare(plainShare(), undefined, LABEL);
    expect(refusal(open)).toMatchObject({
      why: 'not-sealed',
      words: expect.stringContaining('takes sealed ones only'),
    });
  });

  it('that was changed, or is meant for another', () => {
    const body = Buffer.from(packed.body, 'base64');
    body[3] = (body[3] ?? 0) ^ 1;
    expect(refusal({ ...packed, body: body.toString('base64') })).toEqual({
      why: 'tampered',
      words: 'the share was changed on its way, or belongs to another run, share or agent: nothing of it is used',
    });
    for (const other of [{ share: 3 }, { token: 'token-2' }]) {
      expect(refusal(packed, { ...LABEL, ...other }).why).toBe('tampered');
    }
    const another = packShare(plainShare({ sessions: 2 }), key, LABEL);
    expect(refusal({ ...packed, body: another.body }).why).toBe('tampered');
  });

  it.each([
    [undefined, ''],
    ['text', ''],
    [{}, ' (schema)'],
    [{ ...packed, seal: 'rot13' }, ' (seal)'],
    [{ ...packed, more: 1 }, ''],
    [{ ...packed, body: `${packed.body}!` }, ' (body)'],
  ])('that no fleetstorm packed %#', (given, where) => {
    expect(refusal(given)).toEqual({
      why: 'malformed',
      words: `the share is not what fleetstorm packs${where}: nothing of it is used`,
    });
  });

  it.each([
    [{ ...plainShare(), plans: [] }, 'plans'],
    [{ ...plainShare(), more: 1 }, undefined],
    [plainShare({ plans: [{ ...planOf([{}]), worker: -1 }] }), 'plans.0.worker'],
    [plainShare({ plans: [planOf([{ share: { offsets: [1, 0], step: 2 } }])] }), 'plans.0.fleets.0.share'],
    [plainShare({ plans: [planOf([{ share: { offsets: [2], step: 2 } }])] }), 'plans.0.fleets.0.share'],
    [plainShare({ plans: [planOf([{ ...listedShard([rowOf()]), rows: [] }])] }), 'plans.0.fleets.0.rows'],
    [plainShare({ plans: [planOf([{ ...listedShard([rowOf()]), rows: undefined }])] }), 'plans.0.fleets.0.rows'],
    [plainShare({ files: [{ name: '../etc/passwd', bytes: 1, sha256: '0'.repeat(64) }] }), 'files.0.name'],
    [plainShare({ files: [{ name: '..', bytes: 1, sha256: '0'.repeat(64) }] }), 'files.0.name'],
    [plainShare({ files: [{ name: 'a.csv', bytes: 1, sha256: 'x' }] }), 'files.0.sha256'],
  ])('whose content is something else %#', (content, where) => {
    const { why, words } = refusal(sealed(content));
    expect(why).toBe('malformed');
    if (where !== undefined) expect(words).toContain(`(${where}`);
  });

  it('whose content is no JSON, or no text at all', () => {
    const bound = {
      schema: PLAN_SCHEMA_VERSION,
      version: LABEL.version,
      seal: 'aes-256-gcm',
      keyId: key.id(LABEL.runId),
    };
    const aad = [
      'fleetstorm share',
      bound.schema,
      bound.version,
      bound.seal,
      bound.keyId,
      LABEL.runId,
      LABEL.share,
      LABEL.token,
    ];
    for (const plain of [Buffer.from('not zipped'), gzipSync('{'), gzipSync('{"$":["bigint","x"]}')]) {
      const { iv, tag, body } = key.seal(LABEL.runId, plain, Buffer.from(JSON.stringify(aad)));
      const texts = { iv: iv.toString('base64'), tag: tag.toString('base64'), body: body.toString('base64') };
      expect(refusal({ ...bound, ...texts }).why).toBe('malformed');
    }
  });
});
