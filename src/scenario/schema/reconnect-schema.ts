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
      z
        .strictObject({ fixed: wait.meta({ description: 'Every session waits this long.', examples: ['1s'] }) })
        .transform(({ fixed }): FirstWait => ({ kind: 'fixed', us: fixed })),
      z
        .strictObject({
          uniform: longWait.meta({ description: 'Anything from 0s to this, drawn per session.', examples: ['20s'] }),
        })
        .transform(({ uniform }): FirstWait => ({ kind: 'uniform', us: uniform })),
    ],
    { error: firstError },
  )
  .meta({
    description:
      'Wait before the first retry after a loss. Left out: the first rung, as of the preset. none: at once, which brings a whole fleet back in one instant; uniform: spread, which spares the service most.',
    examples: ['none', { fixed: '1s' }, { uniform: '20s' }],
  });

const percent = z
  .number({ error: 'a number from 0 to 100' })
  .min(0, { error: 'a number from 0 to 100' })
  .max(100, { error: 'a number from 0 to 100' })
  .transform((value) => value / 100)
  .meta({ description: 'Up to this share of the wait more or less, in percent.', examples: [25] });

const jitterError = 'none, full, equal, additive, { percent: 25 }, { factor: 1.2 } or { per-boot: 500ms }';
const jitter = z
  .union(
    [
      z.literal(['none', 'full', 'equal', 'additive']).transform((kind): Jitter => ({ kind })),
      z.strictObject({ percent }).transform((value): Jitter => ({ kind: 'percent', ratio: value.percent })),
      z
        .strictObject({
          factor: z
            .number({ error: 'a number from 1 to 100' })
            .min(1)
            .max(100)
            .meta({ description: 'From the wait divided by this to the wait times this.', examples: [1.2] }),
        })
        .transform(({ factor }): Jitter => ({ kind: 'factor', factor })),
      z
        .strictObject({
          'per-boot': longWait.meta({
            description: 'One offset per device for the whole run, up to this much more or less, added to each wait.',
            examples: ['500ms'],
          }),
        })
        .transform((value): Jitter => ({ kind: 'per-boot', us: value['per-boot'] })),
    ],
    { error: jitterError },
  )
  .meta({
    description:
      'How each wait is randomized: without jitter, devices that were lost together come back together. none: not at all, unless the preset says otherwise; full: from 0 to the wait; equal: from half the wait to the wait; additive: from the wait to twice the wait, at most the cap; percent, factor, per-boot: as they say.',
    examples: ['full', { percent: 25 }, { factor: 1.2 }, { 'per-boot': '500ms' }],
  });

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
  .meta({
    description:
      'What a session does after a refusing CONNACK: retry on its ladder, or stop for good, as SDKs do that take a refusal as final. By code: { 4: stop }; codes that are not listed mean retry. Left out: retry, unless the preset says otherwise.',
    examples: ['stop', { '3': 'retry', '4': 'stop', '5': 'stop' }],
  });

/** `reconnect`: a preset, a full policy, or a preset with some keys overridden. */
export const reconnectSchema = z
  .strictObject(
    {
      preset: z
        .literal(presetNames, { error: `one of ${presetNames.join(', ')}` })
        .optional()
        .meta({
          description:
            'Device SDK to imitate; other keys beside it override its own. `fleetstorm presets` draws them. Left out: every second, forever.',
          examples: ['linksdk-c-4.2', 'full-jitter'],
        }),
      first: first.optional(),
      growth: z
        .literal(GROWTHS, { error: `one of ${GROWTHS.join(', ')}` })
        .optional()
        .meta({
          description:
            'How waits grow from rung to rung. fixed: not at all; linear: base x n; quadratic: base x n x n; exponential: times factor each; decorrelated: drawn from base to factor times the last wait. Left out: fixed, unless the preset says otherwise.',
          examples: ['exponential'],
        }),
      base: longWait.optional().meta({
        description: 'First rung of the ladder. Left out: 1s, unless the preset says otherwise.',
        examples: ['2s'],
      }),
      factor: z
        .number({ error: 'a number from 1 to 100' })
        .min(1, { error: 'a number from 1 to 100' })
        .max(100, { error: 'a number from 1 to 100' })
        .optional()
        .meta({
          description:
            'What exponential growth multiplies each rung by, and what bounds decorrelated growth. Left out: 2, unless the preset says otherwise.',
          examples: [1.5],
        }),
      cap: longWait.optional().meta({
        description:
          'Longest rung: the ladder grows no further. Left out: 1m (or base, if longer), unless the preset says otherwise.',
        examples: ['2m'],
      }),
      jitter: jitter.optional(),
      from: z
        .literal(['loss', 'attempt'], { error: 'loss or attempt' })
        .optional()
        .meta({
          description:
            'What a wait counts from: the loss or failure, or the start of the last attempt, so that a session that was online for longer retries at once. Left out: loss, unless the preset says otherwise.',
          examples: ['attempt'],
        }),
      resetAfter: z
        .union([z.literal('connack').transform(() => 0), onlineTime], { error: onlineTimeError })
        .optional()
        .meta({
          description:
            'When the ladder starts over: with an accepting CONNACK, or after this long online. With connack, copies of a device kick each other off forever; a time online calms them down. Left out: connack, unless the preset says otherwise.',
          limits: 'From 1us to 1d.',
          examples: ['connack', '20s'],
        }),
      onRefusal: onRefusal.optional(),
      maxAttempts: whole(0, 1_000_000)
        .optional()
        .meta({
          description:
            'Retries on one ladder before a session gives up for good. 0: no limit, which is the default unless the preset says otherwise.',
          examples: [10],
        }),
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
