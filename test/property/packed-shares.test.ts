import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PackedShare, packShare, unpackShare } from '../../src/host/agents/payload/pack-share.ts';
import { RunKey } from '../../src/host/agents/payload/run-key.ts';
import { ShareError, UnsealedSecretError } from '../../src/host/agents/payload/share-error.ts';
import { secretsOf } from '../../src/host/agents/payload/share-secrets.ts';
import { fromTaggedJson, toTaggedJson } from '../../src/text/tagged-json.ts';
import { anyShare, LABEL, plainShare, secretsIn } from '../fixtures/agents/agent-shares.ts';
import { anyCharacter } from '../fixtures/any-text.ts';

const key = new RunKey(randomBytes(32));
/** Shares are large: they take as long to make as to pack. */
const SHARES = { numRuns: 30 };

/** As it is after a queue: text and back. */
function sent(packed: PackedShare): unknown {
  return JSON.parse(JSON.stringify(packed));
}

describe('a share', () => {
  it('is the same after its way', () => {
    fc.assert(
      fc.property(anyShare, (share) => {
        expect(unpackShare(sent(packShare(share, key, LABEL)), key, LABEL)).toEqual(share);
      }),
      SHARES,
    );
  });

  it('travels without a key if it holds no secret, and only then', () => {
    fc.assert(
      fc.property(anyShare, (share) => {
        if (secretsOf(share).length > 0) {
          expect(() => packShare(share, undefined, LABEL)).toThrow(UnsealedSecretError);
          return;
        }
        expect(secretsIn(share)).toEqual([]);
        expect(unpackShare(sent(packShare(share, undefined, LABEL)), undefined, LABEL)).toEqual(share);
      }),
      SHARES,
    );
  });

  it('shows none of its secrets', () => {
    fc.assert(
      fc.property(anyShare, (share) => {
        const seen = everythingIn(packShare(share, key, LABEL));
        for (const secret of secretsIn(share))
          expect(seen.some((bytes) => bytes.includes(Buffer.from(secret)))).toBe(false);
      }),
      SHARES,
    );
  });

  it.each([
    ['sealed', key],
    ['open', undefined],
  ])('%s is refused with any bit changed, or in the place of another', (_, itsKey) => {
    const text = Buffer.from(JSON.stringify(packShare(plainShare(), itsKey, LABEL)));
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const changed = Buffer.from(text);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(() => unpackShare(JSON.parse(changed.toString('utf8')), itsKey, LABEL)).toThrow();
      }),
      { numRuns: 300 },
    );
    for (const other of [{ runId: 'run-2' }, { share: 3 }, { token: 'token-2' }]) {
      expect(() => unpackShare(JSON.parse(text.toString()), itsKey, { ...LABEL, ...other })).toThrow(ShareError);
    }
  });
});

describe('tagged JSON', () => {
  it('gives back what it was given', () => {
    const arrays = fc.oneof(fc.uint8Array(), fc.float64Array(), fc.uint32Array(), fc.bigInt64Array(), fc.int16Array());
    const values = fc.anything({
      withBigInt: true,
      values: [fc.double(), fc.string(), fc.boolean(), fc.bigInt(), arrays],
    });
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: anyCharacter }), values, (json, any) => {
        expect(fromTaggedJson(toTaggedJson(json))).toEqual(json);
        const value = { any: carriable(any) };
        expect(fromTaggedJson(toTaggedJson(value))).toEqual(value);
      }),
    );
  });
});

/** Without what cannot travel: functions and undefined in lists. */
function carriable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => carriable(item) ?? null);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, carriable(item)]));
}

/** Its bytes, and all that anybody can make of them without the key. */
function everythingIn(packed: PackedShare): Buffer[] {
  const texts = Object.values(packed).map(String);
  const decoded = texts.map((text) => Buffer.from(text, 'base64'));
  return [Buffer.from(JSON.stringify(packed)), ...decoded, ...decoded.flatMap(unzipped)];
}

function unzipped(bytes: Buffer): Buffer[] {
  try {
    return [gunzipSync(bytes)];
  } catch {
    return [];
  }
}
