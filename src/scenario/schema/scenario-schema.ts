import { z } from 'zod';
import { MQTT_CLIENTS } from '../../link/port.ts';
import { type JsonSchema, publishedSchema } from '../../results/published-schema.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { capacitySchema } from '../capacity/capacity-schema.ts';
import { eventsSchema } from './events-schema.ts';
import { fleetSchema } from './fleet-schema.ts';
import { sourcesSchema } from './sources-schema.ts';
import { targetSchema } from './target/target-schema.ts';
import { thresholdsSchema } from './thresholds-schema.ts';
import { duration, line, ratio, whole } from './values.ts';

const fleetsError = 'a list of 1 to 200 fleets';

const portionOfOnline = ratio()
  .prefault('5%')
  .meta({
    description:
      'Share of the online sessions above which losses are a disturbance, planned or not: lost within one second, or offline at once among those lost within ten. Lower it to see smaller losses, raise it where the fleet flickers anyway.',
    examples: ['1%'],
  });

/** Version 1 of the scenario file as written. Checks that need more than one key are in `checks/`. */
export const scenarioSchema = z
  .strictObject(
    {
      version: z.literal(1, { error: '1' }).meta({ description: 'Version of the scenario format, always 1.' }),
      name: line(100, 'a name of the run').meta({
        description: 'Name of the scenario, in results and in the name of their folder.',
        examples: ['quickstart'],
      }),
      seed: whole(0, Number.MAX_SAFE_INTEGER)
        .default(1)
        .meta({
          description:
            'Every random choice of the run follows from this: the same seed is the same plan, on any machine and any number of workers.',
          examples: [42],
        }),
      duration: duration({ minUs: US_PER_SEC, examples: ['30s', '1h'] }).meta({
        description: 'Length of the run from the first planned arrival; then sessions end with DISCONNECT.',
      }),
      target: targetSchema,
      workers: z
        .union([z.literal('auto'), whole(1, 64)], { error: 'auto, or a number of threads from 1 to 64' })
        .default('auto')
        .meta({
          description:
            'Threads that run the sessions. auto: all cores but one. Also --workers; more help if the verdict is generator-limited and cores are idle.',
          limits: 'auto, or from 1 to 64.',
          examples: ['auto', 4],
        }),
      client: z
        .literal([...MQTT_CLIENTS], { error: `one of ${MQTT_CLIENTS.join(', ')}` })
        .default('mqttjs')
        .meta({
          examples: ['lean'],
          description:
            'What speaks MQTT: MQTT.js, which real devices use too, or the lean client of this program, which needs less CPU and far less memory per session.',
        }),
      sources: sourcesSchema,
      fleets: z
        .array(fleetSchema, { error: fleetsError })
        .min(1, { error: fleetsError })
        .max(200, { error: fleetsError })
        .meta({
          description: 'The fleets that log in, all at the same time.',
          examples: [[{ name: 'meters', productKey: 'a1Meters', devices: 1000 }]],
        }),
      events: eventsSchema,
      notice: portionOfOnline,
      thresholds: thresholdsSchema,
      capacity: capacitySchema,
    },
    { error: 'a scenario: version, name, duration, target, fleets' },
  )
  .meta({ title: 'Fleetstorm scenario', description: 'What a run of Fleetstorm does, version 1.' });

export type ScenarioInput = z.output<typeof scenarioSchema>;

/** Names the JSON Schema; its last part is the version of the scenario format. */
export const SCENARIO_SCHEMA_ID = 'urn:fleetstorm:scenario:1';

/** The JSON Schema of the file, for editors. */
export function scenarioJsonSchema(): JsonSchema {
  const schema = publishedSchema(scenarioSchema, SCENARIO_SCHEMA_ID, 'input');
  return { ...schema, patternProperties: { '^x-': { description: 'Ignored: a place for anchors.' } } };
}
