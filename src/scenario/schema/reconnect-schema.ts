import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  type FirstWait,
  GROWTHS,
  type Jitter,
  type NamedPolicy,
  type OnRefusal,
  type ReconnectPolicy,
} from '../../plan/ladder.ts';
import { DEFAULT_POLICY, findPreset, PRESETS } from '../../plan/reconnect-presets.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { duration, whole } from './values.ts';

const presetNames = PRESETS.map(({ name }) => name);
const wait = duration({ minUs: 0, maxUs: 86_400 * US_PER_SEC });
const longWait = duration({ maxUs: 86_400 * US_PER_SEC });

const firstError = 'none, { fixed: 1s } or { uniform: 20s }';
const first = z
  .union(
    [
      z.literal('none').transform((): FirstWait => ({ kind: 'none' })),
      z.strictObject({ fixed: wait }).transform(({ fixed }): FirstWait => ({ kind: 'fixed', us: fixed })),
      z.strictObject({ uniform: longWait }).transform(({ uniform }): FirstWait => ({ kind: 'uniform', us: uniform })),
    ],
    { error: firstError },
  )
  .meta({ description: 'The wait before the first retry; left out: the first rung of the ladder. none: at once.' });

const percent = z
  .number({ error: 'a number from 0 to 100' })
  .min(0, { error: 'a number from 0 to 100' })
  .max(100, { error: 'a number from 0 to 100' })
  .transform((value) => value / 100);

const jitterError = 'none, full, equal, additive, { percent: 25 }, { factor: 1.2 } or { per-boot: 500ms }';
const jitter = z
  .union(
    [
      z.literal(['none', 'full', 'equal', 'additive']).transform((kind): Jitter => ({ kind })),
      z.strictObject({ percent }).transform((value): Jitter => ({ kind: 'percent', ratio: value.percent })),
      z
        .strictObject({ factor: z.number({ error: 'a number from 1 to 100' }).min(1).max(100) })
        .transform(({ factor }): Jitter => ({ kind: 'factor', factor })),
      z
        .strictObject({ 'per-boot': longWait })
        .transform((value): Jitter => ({ kind: 'per-boot', us: value['per-boot'] })),
    ],
    { error: jitterError },
  )
  .meta({ description: 'How each wait is randomized.' });

const onlineTimeError = 'connack, or a time online of up to 1d such as 20s';
const onlineTime = duration({ maxUs: 86_400 * US_PER_SEC, expected: onlineTimeError });

const answer = z.literal(['retry', 'stop'], { error: 'retry or stop' });
const onRefusal = z
  .union(
    [
      answer.transform((otherwise): OnRefusal => ({ otherwise, byCode: {} })),
      z
        .record(z.string().regex(/^\d{1,3}$/, { error: 'a CONNACK code' }), answer, {
          error: 'answers by CONNACK code',
        })
        .transform((byCode): OnRefusal => ({ otherwise: 'retry', byCode })),
    ],
    { error: 'retry, stop, or by code: { 3: retry, 4: stop, 5: stop }' },
  )
  .meta({ description: 'What a session does after a refusing CONNACK; codes that are not listed mean retry.' });

/** `reconnect`: a preset, a full policy, or a preset with some keys overridden. */
export const reconnectSchema = z
  .strictObject(
    {
      preset: z
        .literal(presetNames, { error: `one of ${presetNames.join(', ')}` })
        .optional()
        .meta({ description: 'A device SDK to imitate; the other keys override its own.' }),
      first: first.optional(),
      growth: z
        .literal(GROWTHS, { error: `one of ${GROWTHS.join(', ')}` })
        .optional()
        .meta({ description: 'How waits grow from rung to rung.' }),
      base: longWait.optional().meta({ description: 'The first rung.' }),
      factor: z
        .number({ error: 'a number from 1 to 100' })
        .min(1, { error: 'a number from 1 to 100' })
        .max(100, { error: 'a number from 1 to 100' })
        .optional()
        .meta({ description: 'For exponential and decorrelated growth.' }),
      cap: longWait.optional().meta({ description: 'The longest rung.' }),
      jitter: jitter.optional(),
      from: z
        .literal(['loss', 'attempt'], { error: 'loss or attempt' })
        .optional()
        .meta({ description: 'What a wait counts from: the loss, or the start of the last attempt.' }),
      resetAfter: z
        .union([z.literal('connack').transform(() => 0), onlineTime], { error: onlineTimeError })
        .optional()
        .meta({ description: 'When the ladder starts over: at CONNACK, or after this long online.' }),
      onRefusal: onRefusal.optional(),
      maxAttempts: whole(0, 1_000_000)
        .optional()
        .meta({ description: 'Retries on one ladder before a session gives up; 0: no limit.' }),
    },
    { error: 'a policy, such as { preset: paho-python } or { growth: exponential, base: 1s, cap: 60s }' },
  )
  .meta({
    title: 'Reconnect policy',
    description: 'How a lost or refused session comes back. Left out: it retries every second, forever.',
    examples: [{ preset: 'linksdk-c-4.2' }, { growth: 'exponential', base: '1s', cap: '60s', jitter: 'full' }],
  });

/** The policy as the planner knows it. */
export function toPolicy(input: z.output<typeof reconnectSchema>): NamedPolicy {
  const { preset } = input;
  const base = preset === undefined ? DEFAULT_POLICY : (findPreset(preset)?.policy ?? DEFAULT_POLICY);
  const policy: ReconnectPolicy = {
    first: input.first ?? base.first,
    growth: input.growth ?? base.growth,
    baseUs: input.base ?? base.baseUs,
    factor: input.factor ?? base.factor,
    capUs: input.cap ?? Math.max(base.capUs, input.base ?? 0),
    jitter: input.jitter ?? base.jitter,
    from: input.from ?? base.from,
    resetAfterUs: input.resetAfter ?? base.resetAfterUs,
    onRefusal: input.onRefusal ?? base.onRefusal,
    maxAttempts: input.maxAttempts ?? base.maxAttempts,
  };
  const isBase = isDeepStrictEqual(policy, base);
  if (preset === undefined) return { name: isBase ? 'every second' : 'own policy', policy };
  return { name: isBase ? preset : `${preset}, changed`, preset, policy };
}
