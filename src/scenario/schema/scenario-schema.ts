import { z } from 'zod';
import { MQTT_CLIENTS } from '../../link/port.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { eventsSchema } from './events-schema.ts';
import { fleetSchema } from './fleet-schema.ts';
import { sourcesSchema } from './sources-schema.ts';
import { targetSchema } from './target-schema.ts';
import { thresholdsSchema } from './thresholds-schema.ts';
import { duration, line, ratio, whole } from './values.ts';

const fleetsError = 'a list of 1 to 200 fleets';

const portionOfOnline = ratio()
  .prefault('5%')
  .meta({
    description:
      'Share of the online sessions above which losses are a disturbance, planned or not: lost within one second, or offline at once among those lost within ten.',
    examples: ['5%'],
  });

/** Version 1 of the scenario file as written. Checks that need more than one key are in `checks/`. */
export const scenarioSchema = z
  .strictObject(
    {
      version: z.literal(1, { error: '1' }).meta({ description: 'Version of the scenario format.' }),
      name: line(100, 'a name of the run').meta({ description: 'Name of the scenario.', examples: ['quickstart'] }),
      seed: whole(0, Number.MAX_SAFE_INTEGER)
        .default(1)
        .meta({ description: 'Every random choice of the run follows from this.', examples: [42] }),
      duration: duration({ minUs: US_PER_SEC, examples: ['30s', '1h'] }).meta({
        description: 'From the first planned arrival; then sessions end with DISCONNECT.',
      }),
      target: targetSchema,
      workers: z
        .union([z.literal('auto'), whole(1, 64)], { error: 'auto, or a number of threads from 1 to 64' })
        .default('auto')
        .meta({ description: 'Threads that run the sessions; auto leaves one core free.' }),
      client: z
        .literal([...MQTT_CLIENTS], { error: `one of ${MQTT_CLIENTS.join(', ')}` })
        .default('mqttjs')
        .meta({
          description:
            'What speaks MQTT: MQTT.js, which real devices use too, or the lean client of this program, which needs a third of the CPU and memory.',
        }),
      sources: sourcesSchema,
      fleets: z
        .array(fleetSchema, { error: fleetsError })
        .min(1, { error: fleetsError })
        .max(200, { error: fleetsError })
        .meta({ description: 'The fleets that log in.' }),
      events: eventsSchema,
      notice: portionOfOnline,
      thresholds: thresholdsSchema,
    },
    { error: 'a scenario: version, name, duration, target, fleets' },
  )
  .meta({ title: 'Fleetstorm scenario', description: 'What a run of Fleetstorm does, version 1.' });

export type ScenarioInput = z.output<typeof scenarioSchema>;

/** The JSON Schema of the file, for editors. */
export function scenarioJsonSchema(): object {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-2020-12' });
  return { ...schema, patternProperties: { '^x-': { description: 'Ignored: a place for anchors.' } } };
}
