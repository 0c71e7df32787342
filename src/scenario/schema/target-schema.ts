import { resolve } from 'node:path';
import { z } from 'zod';
import type { StandingLimits } from '../../emulator/contract/config.ts';
import { PROFILE_NAMES, PROFILES, type Profile, type RefusalCause } from '../../emulator/contract/profiles.ts';
import { AUTH_CONNECTIONS } from '../../link/auth/auth-connections.ts';
import { PROXY_VERSIONS } from '../../link/socket/proxy-header.ts';
import { US_PER_SEC } from '../../time/units.ts';
import type { EmulatorTokens, ServiceUse, Target, TlsFiles } from '../scenario.ts';
import { authAddress } from './auth-address.ts';
import { mqttAddress } from './mqtt-address.ts';
import { tlsSchema } from './tls-schema.ts';
import { duration, rate, whole } from './values.ts';

const flag = z.boolean({ error: 'true or false' });
const connackCode = whole(1, 5, 'a CONNACK code of 1 to 5').optional();

const CONNACK_KEYS = {
  'protocol-version': connackCode,
  'bad-client-id': connackCode,
  'bad-keepalive': connackCode,
  'securemode-mismatch': connackCode,
  'bad-signature': connackCode,
  'unknown-device': connackCode,
  'rate-limited': connackCode,
} satisfies Record<RefusalCause, unknown>;

const keepaliveBound = duration({ minUs: 0, maxUs: 65_535 * US_PER_SEC, wholeSec: true, examples: ['60s'] });

const tokensSchema = z
  .strictObject(
    {
      life: duration({ minUs: US_PER_SEC, wholeSec: true, examples: ['7d', '60s'] })
        .optional()
        .meta({ description: 'How long a token is valid; left out: 7 days.' }),
      survivesExpiry: flag
        .optional()
        .meta({ description: 'Whether an open session survives the expiry of its token; left out: yes.' }),
      errorStatus: z.literal(['body', 'status'], { error: 'body or status' }).optional().meta({
        description: 'Whether login errors only have a code in the body of an HTTP 200, or an HTTP error status too.',
      }),
    },
    { error: 'settings of the HTTPS login, such as { life: 60s }' },
  )
  .meta({ description: 'Settings of the HTTPS login.' });

const limitsSchema = z
  .strictObject(
    {
      logins: rate().optional().meta({ description: 'HTTPS logins of all devices; above it: 429.' }),
      connects: rate().optional().meta({ description: 'Accepted CONNECTs of all devices; above it: rate-limited.' }),
      deviceConnects: rate()
        .optional()
        .meta({ description: 'Accepted CONNECTs of each device; above it: rate-limited.', examples: ['5/m'] }),
    },
    { error: 'limits, such as { logins: 500/s, connects: 500/s, deviceConnects: 5/m }' },
  )
  .meta({ description: 'Limits of the service itself, off unless given.' });

const emulatorSchema = z
  .strictObject(
    {
      profile: z
        .literal([...PROFILE_NAMES, 2017], { error: 'one of "2017", "current"' })
        .transform((name) => (name === 2017 ? '2017' : name))
        .default('2017')
        .meta({ description: 'Year of the service whose rules the emulator follows.', examples: ['2017', 'current'] }),
      keepalive: z
        .strictObject(
          { min: keepaliveBound.optional(), max: keepaliveBound.optional() },
          { error: 'bounds, such as { min: 60s, max: 1200s }' },
        )
        .optional()
        .meta({ description: 'Keepalives that are accepted, instead of those of the profile.' }),
      connack: z
        .strictObject(CONNACK_KEYS, { error: 'CONNACK codes by cause, such as { bad-signature: 4 }' })
        .optional()
        .meta({ description: 'CONNACK codes by cause, instead of those of the profile.' }),
      maxClientIdLength: whole(1, 65_535).optional().meta({ description: 'Longest bare client id, in characters.' }),
      maxPublishBytes: whole(1, 268_435_455)
        .optional()
        .meta({ description: 'Largest payload of a PUBLISH, in bytes.' }),
      maxQos: z
        .literal([0, 1, 2], { error: '0, 1 or 2' })
        .optional()
        .meta({ description: 'Highest QoS of publishing and subscribing.' }),
      maxSubscriptions: whole(1, 1_000_000)
        .optional()
        .meta({ description: 'Most subscriptions per session; left out: no limit.' }),
      ownTopicsOnly: flag.optional().meta({
        description: "Whether devices are kept from each other's topics; left out: yes, as in the real service.",
      }),
      acceptsMqtt31: flag
        .optional()
        .meta({ description: 'Whether MQTT 3.1 is accepted besides 3.1.1; left out: yes.' }),
      keepsWills: flag.optional().meta({ description: 'Whether wills are published; otherwise they are dropped.' }),
      keepsRetained: flag.optional().meta({ description: 'Whether retained messages are kept.' }),
      tls: flag.optional().meta({
        description: 'Whether MQTT runs over TLS; left out: only for fleets that log in with a token.',
      }),
      tokens: tokensSchema.optional(),
      limits: limitsSchema.optional(),
    },
    { error: 'settings of the emulator, such as { profile: "2017" }' },
  )
  .meta({ title: 'Embedded emulator', description: 'The embedded service, started for the run.' });

/** How devices use a service, real or emulated. */
const SERVICE_USE = {
  tls: tlsSchema,
  authConnections: z
    .literal([...AUTH_CONNECTIONS], { error: 'own or pooled' })
    .default('own')
    .meta({ description: 'own: one connection per HTTPS login, as real devices do. pooled: a few that stay open.' }),
  followResources: flag
    .default(true)
    .meta({ description: 'Whether devices connect where the reply to their HTTPS login sends them.' }),
};

/** `target`: exactly one service. */
export const targetSchema = z
  .union(
    [
      z.strictObject({ emulator: emulatorSchema, ...SERVICE_USE }, { error: 'emulator' }),
      z.strictObject(
        {
          mqtt: mqttAddress.meta({
            description: `A real MQTT service; mqtts:// over TLS. \${productKey} in the host name is replaced per fleet.`,
            examples: ['mqtt://127.0.0.1:1883', `mqtt://\${productKey}.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883`],
          }),
          auth: authAddress.optional().meta({
            description: 'Where devices log in over HTTPS.',
            examples: ['https://iot-auth.cn-shanghai.aliyuncs.com/auth/devicename'],
          }),
          proxyProtocol: z
            .literal([...PROXY_VERSIONS], { error: 'v1 or v2' })
            .optional()
            .meta({
              description:
                'PROXY protocol header before TLS and CONNECT, as a load balancer sends it. Its addresses are those of sources, which this machine then need not have; without sources, each device gets one of 198.18.0.0/15.',
            }),
          ...SERVICE_USE,
        },
        { error: 'mqtt' },
      ),
    ],
    { error: 'exactly one of { emulator: { profile: "2017" } } and { mqtt: "mqtt://HOST:PORT" }' },
  )
  .meta({ title: 'Target', description: 'The service under load: the embedded emulator, or a real one.' });

/** The target as the rest of the program knows it; relative paths start from `folder`. */
export function toTarget(input: z.output<typeof targetSchema>, folder: string): Target {
  const use: ServiceUse = {
    tls: toTlsFiles(input.tls, folder),
    authConnections: input.authConnections,
    followsResources: input.followResources,
  };
  if ('mqtt' in input)
    return { kind: 'mqtt', ...input.mqtt, auth: input.auth, proxyProtocol: input.proxyProtocol, ...use };
  const { tls, tokens = {}, limits = {}, ...profile } = input.emulator;
  return {
    kind: 'emulator',
    profile: toProfile(profile),
    transport: tls === undefined ? undefined : tls ? 'tls' : 'tcp',
    tokens: toTokens(tokens),
    limits: toLimits(limits),
    ...use,
  };
}

function toTlsFiles(input: z.output<typeof tlsSchema>, folder: string): TlsFiles {
  const { ca, clientCert, clientKey, clientPfx, ...rules } = input;
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(folder, file));
  return {
    ...rules,
    caPath: path(ca),
    clientCertPath: path(clientCert),
    clientKeyPath: path(clientKey),
    clientPfxPath: path(clientPfx),
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

type ProfileInput = Omit<z.output<typeof emulatorSchema>, 'tls' | 'tokens' | 'limits'>;

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
