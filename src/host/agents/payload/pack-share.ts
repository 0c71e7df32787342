import { createHash, timingSafeEqual } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { fromTaggedJson, toTaggedJson } from '../../../text/tagged-json.ts';
import { type AgentShare, PLAN_SCHEMA_VERSION, type ShareLabel } from './agent-share.ts';
import type { RunKey } from './run-key.ts';
import { ShareError, UnsealedSecretError } from './share-error.ts';
import { secretsOf } from './share-secrets.ts';
import { agentShareSchema } from './share-shape.ts';

/** A share as it travels. Plain JSON; holds nothing secret in clear. */
export type PackedShare = SealedShare | OpenShare;

interface PackedHead {
  /** `PLAN_SCHEMA_VERSION` of the program that packed it. */
  readonly schema: number;
  readonly version: string;
}

/** Sealed with the run's key: nothing of it can be read or changed without. All texts are base64, except the key's id. */
export interface SealedShare extends PackedHead {
  readonly seal: 'aes-256-gcm';
  readonly keyId: string;
  readonly iv: string;
  readonly tag: string;
  readonly body: string;
}

/** Of a run without secrets and without a key. */
export interface OpenShare extends PackedHead {
  readonly seal: 'none';
  /** Finds what was changed by accident. Base64. */
  readonly sha256: string;
  readonly body: string;
}

/** The largest share that is taken, unpacked: several times what may be sent. */
const MOST_UNPACKED_BYTES = 512 * 1_024 * 1_024;

/**
 * Packs a share for one agent. With a key it is sealed as a whole, whether or not it holds secrets, so that nobody without the key can
 * change it either. Throws an `UnsealedSecretError` if it holds secrets and there is no key.
 */
export function packShare(share: AgentShare, key: RunKey | undefined, label: ShareLabel): PackedShare {
  const plain = gzipSync(toTaggedJson(share), { level: constants.Z_BEST_SPEED });
  const head = { schema: PLAN_SCHEMA_VERSION, version: label.version };
  if (key === undefined) {
    const secrets = secretsOf(share);
    if (secrets.length > 0) throw new UnsealedSecretError(secrets);
    const open = { ...head, seal: 'none' } as const;
    return { ...open, sha256: sumOf(boundBy(open, label), plain).toString('base64'), body: plain.toString('base64') };
  }
  const sealed = { ...head, seal: 'aes-256-gcm', keyId: key.id(label.runId) } as const;
  const { iv, tag, body } = key.seal(label.runId, plain, boundBy(sealed, label));
  return { ...sealed, iv: iv.toString('base64'), tag: tag.toString('base64'), body: body.toString('base64') };
}

/**
 * The share that was packed for this label. With a key, only a sealed one is taken: whoever can write to the queue, but does not have the key,
 * can make an agent do nothing. Throws a `ShareError`.
 */
export function unpackShare(packed: unknown, key: RunKey | undefined, label: ShareLabel): AgentShare {
  const checked = checkedFrame(packed, label);
  const plain = checked.seal === 'none' ? openedBody(checked, key, label) : unsealedBody(checked, key, label);
  const result = agentShareSchema.safeParse(contentOf(plain));
  if (!result.success) throw malformed(result.error.issues[0]?.path);
  return result.data;
}

const headSchema = z.looseObject({ schema: z.int(), version: z.string() });

/** Exactly one text stands for some bytes, so that no change of it goes unnoticed. */
const base64 = z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text);

const frameSchema = z.discriminatedUnion('seal', [
  z.strictObject({
    schema: z.int(),
    version: z.string(),
    seal: z.literal('aes-256-gcm'),
    keyId: z.string(),
    iv: base64,
    tag: base64,
    body: base64,
  }),
  z.strictObject({ schema: z.int(), version: z.string(), seal: z.literal('none'), sha256: base64, body: base64 }),
]);

/** The versions come first: a share of another one may have another frame. */
function checkedFrame(packed: unknown, { version }: ShareLabel): PackedShare {
  const head = headSchema.safeParse(packed);
  if (!head.success) throw malformed(head.error.issues[0]?.path);
  const { schema, version: theirs } = head.data;
  if (theirs !== version) {
    throw new ShareError(
      'version',
      `the share is of ${versionWords(theirs)}, and this agent is fleetstorm ${version}: run the same version on both sides`,
    );
  }
  if (schema !== PLAN_SCHEMA_VERSION) {
    throw new ShareError(
      'version',
      `the share has plan schema ${schema}, and this agent reads plan schema ${PLAN_SCHEMA_VERSION}: run the same build of fleetstorm on both sides`,
    );
  }
  const frame = frameSchema.safeParse(packed);
  if (!frame.success) throw malformed(frame.error.issues[0]?.path);
  return frame.data;
}

/** What anybody may have written there is shown only if it looks like a version. */
function versionWords(text: string): string {
  return /^[\w.+-]{1,40}$/.test(text) ? `fleetstorm ${text}` : 'something else than fleetstorm';
}

function openedBody({ sha256, body, ...head }: OpenShare, key: RunKey | undefined, label: ShareLabel): Buffer {
  if (key !== undefined) {
    throw new ShareError(
      'not-sealed',
      'the share is not sealed, and this agent, which has a key, takes sealed ones only: give run the same --key-file',
    );
  }
  const plain = Buffer.from(body, 'base64');
  const sum = Buffer.from(sha256, 'base64');
  const expected = sumOf(boundBy(head, label), plain);
  if (sum.length === expected.length && timingSafeEqual(sum, expected)) return plain;
  throw tampered();
}

function unsealedBody(packed: SealedShare, key: RunKey | undefined, label: ShareLabel): Buffer {
  if (key === undefined) {
    throw new ShareError(
      'no-key',
      'the share is sealed, and this agent has no key: start it with the same --key-file FILE, or FLEETSTORM_RUN_KEY, as run',
    );
  }
  const { iv, tag, body, ...head } = packed;
  if (head.keyId !== key.id(label.runId)) {
    throw new ShareError(
      'wrong-key',
      'the share is sealed with another key than this agent has: give both the same file',
    );
  }
  const sealed = { iv: Buffer.from(iv, 'base64'), tag: Buffer.from(tag, 'base64'), body: Buffer.from(body, 'base64') };
  const plain = key.open(label.runId, sealed, boundBy(head, label));
  if (plain === undefined) throw tampered();
  return plain;
}

function contentOf(plain: Buffer): unknown {
  try {
    return fromTaggedJson(gunzipSync(plain, { maxOutputLength: MOST_UNPACKED_BYTES }).toString('utf8'));
  } catch (error) {
    throw malformed([], error);
  }
}

/** All that is known on both sides, or stands open beside what is sealed. */
function boundBy(
  head: Omit<SealedShare, 'iv' | 'tag' | 'body'> | Omit<OpenShare, 'sha256' | 'body'>,
  label: ShareLabel,
): Buffer {
  const { schema, version, seal } = head;
  const keyId = head.seal === 'none' ? '' : head.keyId;
  const parts = ['fleetstorm share', schema, version, seal, keyId, label.runId, label.share, label.token];
  return Buffer.from(JSON.stringify(parts));
}

function sumOf(bound: Buffer, plain: Buffer): Buffer {
  return createHash('sha256').update(`${bound.length}:`).update(bound).update(plain).digest();
}

function tampered(): ShareError {
  return new ShareError(
    'tampered',
    'the share was changed on its way, or belongs to another run, share or agent: nothing of it is used',
  );
}

/** Says where, and nothing of what is there: it may be a secret, or codes for a terminal. */
function malformed(path: readonly PropertyKey[] = [], cause?: unknown): ShareError {
  const steps = path.map(String).filter((step) => /^\w{1,40}$/.test(step));
  const where = steps.length === 0 ? '' : ` (${steps.join('.')})`;
  return new ShareError('malformed', `the share is not what fleetstorm packs${where}: nothing of it is used`, cause);
}
