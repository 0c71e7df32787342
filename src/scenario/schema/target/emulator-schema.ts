import { z } from 'zod';
import { EMULATOR_DEFAULTS, type StandingLimits } from '../../../emulator/contract/config.ts';
import { PROFILE_NAMES, PROFILES, type Profile, type RefusalCause } from '../../../emulator/contract/profiles.ts';
import { exactDuration, US_PER_SEC } from '../../../time/units.ts';
import { LISTEN_KEYS, toListen } from '../../listen/listen-schema.ts';
import type { EmulatorTarget, EmulatorTokens, ServiceUse } from '../../scenario.ts';
import { duration, flag, rate, whole } from '../values.ts';

/** The code that answers a cause. */
function connackCode(cause: RefusalCause, what: string) {
  const code = PROFILES[PROFILE_NAMES[0]].connack[cause];
  return whole(1, 5, 'a CONNACK code of 1 to 5')
    .optional()
    .meta({ description: `CONNACK code of a login ${what}. Left out: ${code}.`, examples: [5] });
}

const CONNACK_KEYS = {
  'protocol-version': connackCode('protocol-version', 'in an unknown version of MQTT'),
  'bad-client-id': connackCode('bad-client-id', 'whose client id is malformed or too long'),
  'bad-keepalive': connackCode('bad-keepalive', 'whose keepalive is out of bounds'),
  'securemode-mismatch': connackCode('securemode-mismatch', 'that says TLS on plain TCP, or the other way round'),
  'bad-signature': connackCode('bad-signature', 'whose signature is wrong'),
  'unknown-device': connackCode('unknown-device', 'of a device that is not registered'),
  'rate-limited': connackCode('rate-limited', 'above target.emulator.limits'),
} satisfies Record<RefusalCause, unknown>;

const keepaliveBound = (description: string, examples: string[]) =>
  duration({ minUs: 0, maxUs: 65_535 * US_PER_SEC, wholeSec: true, examples })
    .optional()
    .meta({ description });

const tokensSchema = z
  .strictObject(
    {
      life: duration({ minUs: US_PER_SEC, wholeSec: true, examples: ['7d', '60s'] })
        .optional()
        .meta({
          description: 'How long a token is valid. Shorten it to see tokens expire within a run.',
          default: exactDuration(EMULATOR_DEFAULTS.tokenTtlSec * US_PER_SEC),
        }),
      survivesExpiry: flag()
        .optional()
        .meta({ description: 'Whether an open session survives the expiry of its token.', default: true }),
      errorStatus: z
        .literal(['body', 'status'], { error: 'body or status' })
        .optional()
        .meta({
          description:
            'How login errors show. body: as a code in the body of an HTTP 200; status: by an HTTP error status too.',
          default: 'body',
          examples: ['status'],
        }),
    },
    { error: 'settings of the HTTPS login, such as { life: 60s }' },
  )
  .meta({ description: 'Settings of the HTTPS login of the emulator.', examples: [{ life: '60s' }] });

const limitsSchema = z
  .strictObject(
    {
      logins: rate()
        .optional()
        .meta({ description: 'HTTPS logins of all devices together; above it: code 429. Left out: no limit.' }),
      connects: rate().optional().meta({
        description:
          'Accepted CONNECTs of all devices together; above it, the CONNACK code of rate-limited. Left out: no limit.',
      }),
      deviceConnects: rate()
        .optional()
        .meta({
          description:
            'Accepted CONNECTs of each device; above it, the CONNACK code of rate-limited. Left out: no limit.',
          examples: ['5/m'],
        }),
    },
    { error: 'limits, such as { logins: 500/s, connects: 500/s, deviceConnects: 5/m }' },
  )
  .meta({
    description:
      'Standing limits of the emulator, from start to end; as many as a second (of deviceConnects: a minute) admits may be saved up. Off unless given. For limits that come and go, use the event limit.',
    examples: [{ connects: '500/s', deviceConnects: '5/m' }],
  });

/** `target.emulator`: the embedded service. */
export const emulatorSchema = z
  .strictObject(
    {
      profile: z
        .literal([...PROFILE_NAMES, 2017], { error: 'one of "2017", "current"' })
        .transform((name) => (name === 2017 ? '2017' : name))
        .default('2017')
        .meta({
          description:
            'Year of the service whose rules the emulator follows: 2017 accepts keepalives from 60 s to 1200 s, current from 30 s. Each rule can be set below.',
          examples: ['current'],
        }),
      keepalive: z
        .strictObject(
          {
            min: keepaliveBound('Shortest keepalive that is accepted. Left out: 60s (profile current: 30s).', ['30s']),
            max: keepaliveBound('Longest keepalive that is accepted. Left out: 1200s.', ['10m']),
          },
          { error: 'bounds, such as { min: 60s, max: 1200s }' },
        )
        .optional()
        .meta({
          description: 'Keepalives that are accepted, instead of those of the profile; others are refused.',
          examples: [{ min: '30s', max: '1200s' }],
        }),
      connack: z
        .strictObject(CONNACK_KEYS, { error: 'CONNACK codes by cause, such as { bad-signature: 4 }' })
        .optional()
        .meta({
          description:
            'CONNACK codes by cause, instead of those of the profile: services differ, and firmware may take one code as final.',
          examples: [{ 'bad-signature': 5 }],
        }),
      maxClientIdLength: whole(1, 65_535)
        .optional()
        .meta({
          description: 'Longest client id (without what signed logins append), in characters; longer ones are refused.',
          default: PROFILES['2017'].maxClientIdLength,
          examples: [23],
        }),
      maxPublishBytes: whole(1, 268_435_455)
        .optional()
        .meta({
          description: 'Largest payload of a PUBLISH, in bytes; a larger one ends the connection.',
          default: PROFILES['2017'].maxPublishBytes,
          examples: [1024],
        }),
      maxQos: z
        .literal([0, 1, 2], { error: '0, 1 or 2' })
        .optional()
        .meta({
          description:
            'Highest QoS of publishing and subscribing: a PUBLISH above it ends the connection, a filter above it is refused.',
          default: PROFILES['2017'].maxQos,
          examples: [0],
        }),
      maxSubscriptions: whole(1, 1_000_000)
        .optional()
        .meta({
          description: 'Most topic filters per session; further ones are refused in SUBACK. Left out: no limit.',
          examples: [100],
        }),
      ownTopicsOnly: flag().optional().meta({
        description: "Whether devices are kept from each other's topics, as in the real service.",
        default: PROFILES['2017'].ownTopicsOnly,
      }),
      acceptsMqtt31: flag().optional().meta({
        description: 'Whether MQTT 3.1 is accepted besides 3.1.1.',
        default: PROFILES['2017'].acceptsMqtt31,
      }),
      keepsWills: flag().optional().meta({
        description: 'Whether wills are published; otherwise they are dropped.',
        default: PROFILES['2017'].keepsWills,
      }),
      keepsRetained: flag().optional().meta({
        description: 'Whether retained messages are kept; otherwise they are delivered once.',
        default: PROFILES['2017'].keepsRetained,
      }),
      tls: flag()
        .optional()
        .meta({
          description: 'Whether MQTT runs over TLS. Left out: only for fleets that log in with a token.',
          examples: [true],
        }),
      ...LISTEN_KEYS,
      tokens: tokensSchema.optional(),
      limits: limitsSchema.optional(),
    },
    { error: 'settings of the emulator, such as { profile: "2017" }' },
  )
  .meta({
    title: 'Embedded emulator',
    description: 'The embedded service, started for the run on this machine. {}: with the rules of 2017.',
    examples: [{ profile: '2017' }, { profile: 'current', limits: { connects: '500/s' } }],
  });

type EmulatorInput = z.output<typeof emulatorSchema>;

/** The embedded service as the rest of the program knows it. */
export function toEmulator(input: EmulatorInput): Omit<EmulatorTarget, 'kind' | keyof ServiceUse> {
  const { tls, listen, reachableAs, tokens = {}, limits = {}, ...profile } = input;
  return {
    listen: toListen(listen, reachableAs),
    profile: toProfile(profile),
    transport: tls === undefined ? undefined : tls ? 'tls' : 'tcp',
    tokens: toTokens(tokens),
    limits: toLimits(limits),
  };
}

function toTokens({ life, ...rules }: z.output<typeof tokensSchema>): EmulatorTokens {
  return { ...rules, tokenTtlSec: life === undefined ? undefined : life / US_PER_SEC };
}

function toLimits({ logins, connects, deviceConnects }: z.output<typeof limitsSchema>): StandingLimits {
  return {
    authPerSec: logins,
    accountPerSec: connects,
    devicePerMin: deviceConnects === undefined ? undefined : deviceConnects * 60,
  };
}

type ProfileInput = Omit<EmulatorInput, 'tls' | 'listen' | 'reachableAs' | 'tokens' | 'limits'>;

function toProfile(input: ProfileInput): Profile {
  const { profile, keepalive, connack, ...rules } = input;
  const base = PROFILES[profile];
  return {
    ...base,
    ...onlyDefined(rules),
    keepaliveMinSec: keepalive?.min === undefined ? base.keepaliveMinSec : keepalive.min / US_PER_SEC,
    keepaliveMaxSec: keepalive?.max === undefined ? base.keepaliveMaxSec : keepalive.max / US_PER_SEC,
    connack: { ...base.connack, ...onlyDefined(connack ?? {}) },
  };
}

/** The same object without undefined values, which would hide those of the base it is spread over. */
function onlyDefined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
