import { z } from 'zod';
import type { DeviceSource, Fleet } from '../../device/fleet.ts';
import { TRANSPORTS } from '../../link/port.ts';
import { grouped } from '../../text/counts.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { authSchema } from './auth-schema.ts';
import { connectSchema, toArrival } from './connect-schema.ts';
import { duplicatesSchema, toDuplicates } from './duplicates-schema.ts';
import { onConnectSchema } from './on-connect-schema.ts';
import { reconnectSchema, toPolicy } from './reconnect-schema.ts';
import { duration, line, MAX_DEVICES, portion, portionCount, whole } from './values.ts';

/** Names of fleets, which become part of device names. */
const FLEET_NAME = /^[A-Za-z0-9_.-]{1,48}$/;
const PRODUCT_KEY = /^[A-Za-z0-9_-]{1,63}$/;
const nameError = 'letters, digits, "_", "." and "-", 1 to 48 of them';
const productKeyError = 'a text of letters, digits, "_" and "-", 1 to 63 of them';

/** A fleet as written in the file. */
export const fleetSchema = z
  .strictObject(
    {
      name: z
        .string({ error: nameError })
        .regex(FLEET_NAME, { error: nameError })
        // Fleets are keys of `timeline.ndjson`, and most readers of JSON leave this one out.
        .refine((name) => name !== '__proto__', { error: 'a name that can be a key in JSON, which this one cannot' })
        .meta({
          description:
            'Unique name of the fleet, in thresholds, events and results. Generated devices are called NAME-000001, NAME-000002 and so on.',
          examples: ['meters'],
        }),
      productKey: z
        .string({ error: productKeyError })
        .regex(PRODUCT_KEY, { error: productKeyError })
        .optional()
        .meta({
          examples: ['a1Meters'],
          description: `Product of the devices. May be left out if every row of the CSV file names its own, or nothing uses it: auth of mode password without \${productKey}.`,
        }),
      devices: z
        .union(
          [
            whole(1, MAX_DEVICES),
            z.strictObject(
              {
                csv: line(4_096, 'a path relative to the scenario file').meta({
                  description:
                    'CSV file of the devices, one per row, relative to the scenario file. Commas, semicolons or tabs; UTF-8, UTF-16 or GBK.',
                  examples: ['devices.csv'],
                }),
              },
              { error: '{ csv: FILE }' },
            ),
          ],
          { error: `a number of devices from 1 to ${grouped(MAX_DEVICES)}, or { csv: devices.csv }` },
        )
        .meta({
          description: `Number of devices, whose names and secrets follow from fleet and seed; or a CSV file with the columns DeviceName and DeviceSecret, ProductKey if productKey is left out, and ClientCert and ClientKey (PEM, or paths of PEM files) if devices have certificates of their own. Auth of mode password needs only the columns that its templates name, which may have any name: \${column:NAME}.`,
          examples: [1000, { csv: 'devices.csv' }],
        }),
      auth: authSchema
        .default({ mode: 'direct', signmethod: 'hmacsha1', timestamp: 'now' })
        .meta({ description: 'How the devices log in. Left out: with a signed identity in CONNECT.' }),
      transport: z
        .literal([...TRANSPORTS], { error: `one of ${TRANSPORTS.join(', ')}` })
        .optional()
        .meta({
          description:
            'What MQTT runs over: tcp or tls. Left out: what the target says. For fleets of both kinds on one emulator.',
          examples: ['tls'],
        }),
      connect: connectSchema.default({ arrival: 'burst' }),
      connectTimeout: duration({ maxUs: 3_600 * US_PER_SEC })
        .prefault('10s')
        .meta({
          description:
            'Longest time from the start of an attempt to CONNACK, HTTPS login included; then the attempt ends as connack-timeout or tcp-timeout. Set it as the firmware has it: it decides how soon a stalled service is tried again.',
          examples: ['30s'],
        }),
      keepalive: duration({ minUs: 0, maxUs: 65_535 * US_PER_SEC, wholeSec: true, examples: ['60s'] })
        .prefault('120s')
        .meta({
          description:
            'Keepalive of CONNECT: the longest silence before a PINGREQ; unanswered, the session ends as keepalive-timeout. 0s turns it off. How soon dead connections are noticed depends on it.',
        }),
      clean: z.boolean({ error: 'true or false' }).default(true).meta({
        description:
          'Clean session flag of CONNECT. false: the service keeps subscriptions and queued messages while the device is offline.',
      }),
      faults: z
        .strictObject(
          {
            wrongSecret: portion()
              .prefault(0)
              .meta({
                description: 'Devices that sign with a wrong secret; the service refuses them.',
                examples: ['10%', 50],
              }),
            unknownDevice: portion()
              .prefault(0)
              .meta({
                description: 'Devices that the service has never heard of; it refuses them.',
                examples: ['5%', 50],
              }),
          },
          { error: 'parts of the fleet, such as { wrongSecret: 10%, unknownDevice: 5% }' },
        )
        .prefault({})
        .meta({
          description:
            'Devices made wrong on purpose, in exact numbers, to see how refusals show and what they cost. Left out: none.',
          examples: [{ wrongSecret: '10%', unknownDevice: 5 }],
        }),
      onConnect: onConnectSchema.optional(),
      reconnect: reconnectSchema.prefault({}),
      duplicates: duplicatesSchema.optional(),
    },
    { error: 'a fleet: { name, productKey, devices, ... }' },
  )
  .meta({
    title: 'Fleet',
    description: 'Devices that share a product, an auth mode, a reconnect policy and an arrival shape.',
  });

export type FleetInput = z.output<typeof fleetSchema>;

/** The fleet as the rest of the program knows it, once its devices are counted. */
export function toFleet(input: FleetInput, devices: DeviceSource): Fleet {
  return {
    name: input.name,
    productKey: input.productKey,
    devices,
    auth: input.auth,
    transport: input.transport,
    connect: toArrival(input.connect),
    connection: {
      connectTimeoutUs: input.connectTimeout,
      keepaliveSec: input.keepalive / US_PER_SEC,
      clean: input.clean,
    },
    flaws: {
      wrongSecretCount: portionCount(input.faults.wrongSecret, devices.count),
      unknownDeviceCount: portionCount(input.faults.unknownDevice, devices.count),
    },
    onConnect: input.onConnect,
    reconnect: toPolicy(input.reconnect),
    duplicates: toDuplicates(input.duplicates, devices.count),
  };
}
