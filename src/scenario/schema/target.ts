import { z } from 'zod';
import { PROFILE_NAMES, PROFILES, type Profile, type RefusalCause } from '../../emulator/profiles.ts';
import { US_PER_SEC } from '../../time/units.ts';
import type { Target } from '../scenario.ts';
import { mqttAddress } from './mqtt-address.ts';
import { duration, whole } from './values.ts';

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
        .meta({ description: 'Keepalives that are not refused, in place of those of the profile.' }),
      connack: z
        .strictObject(CONNACK_KEYS, { error: 'CONNACK codes by cause, such as { bad-signature: 4 }' })
        .optional()
        .meta({ description: 'CONNACK codes by cause, in place of those of the profile.' }),
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
        .meta({ description: 'Most subscriptions of a session; left out: no limit.' }),
      keepsWills: flag.optional().meta({ description: 'Whether wills are published; else they are forgotten.' }),
      keepsRetained: flag.optional().meta({ description: 'Whether retained messages are kept.' }),
    },
    { error: 'settings of the emulator, such as { profile: "2017" }' },
  )
  .meta({ title: 'Embedded emulator', description: 'The embedded service, started for the run.' });

/** `target`: exactly one service. */
export const targetSchema = z
  .union(
    [
      z.strictObject({ emulator: emulatorSchema }, { error: 'emulator' }),
      z.strictObject(
        {
          mqtt: mqttAddress.meta({
            description: `A real MQTT service. \${productKey} in the host name is replaced fleet by fleet.`,
            examples: ['mqtt://127.0.0.1:1883', `mqtt://\${productKey}.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883`],
          }),
        },
        { error: 'mqtt' },
      ),
    ],
    { error: 'exactly one of { emulator: { profile: "2017" } } and { mqtt: "mqtt://HOST:PORT" }' },
  )
  .meta({ title: 'Target', description: 'The service under load: the embedded emulator, or a real one.' });

/** The target as the rest of the program knows it. */
export function toTarget(input: z.output<typeof targetSchema>): Target {
  return 'mqtt' in input ? { kind: 'mqtt', ...input.mqtt } : { kind: 'emulator', profile: toProfile(input.emulator) };
}

function toProfile(input: z.output<typeof emulatorSchema>): Profile {
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

/** The same object without keys that were left out: spread over a base, they would hide its values. */
function onlyDefined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
