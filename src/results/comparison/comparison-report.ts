import { z } from 'zod';
import { count, share, told } from '../count.ts';
import { type JsonSchema, publishedSchema } from '../published-schema.ts';
import { summarySchema } from '../summary/summary.ts';
import { thresholdResultSchema } from '../summary/threshold-result.ts';

/** Version of the layout of what `compare --json` prints. */
export const COMPARISON_SCHEMA_VERSION = 1;
/** Names the JSON Schema; its last part is the version of the layout. */
const COMPARISON_SCHEMA_ID = `urn:fleetstorm:comparison:${COMPARISON_SCHEMA_VERSION}`;

const letter = z.string();

const comparedSchema = z.strictObject({
  letter: told(letter, 'Its name in the comparison: A is the first, with which the others are compared.', 'B'),
  name: told(z.string(), 'Name of its folder.', 'after'),
  scenario: told(
    summarySchema.shape.scenario.pick({ name: true, seed: true, target: true, sha256: true }),
    'What was played.',
  ),
  startedAt: told(z.iso.datetime(), 'When it began, in UTC.', '2026-11-26T23:25:26.000Z'),
  result: told(z.string(), 'Verdict of a run, answer of a study.', 'valid', '673 logins/s hold, 703/s do not.'),
});

const valueSchema = z.strictObject({
  letter: told(letter, 'Of which run or study.', 'B'),
  value: told(z.number().optional(), 'The value, in the unit of the metric; absent if there is none.', 6903),
  missing: told(z.string().optional(), 'Why there is no value, in words.', 'no data: there was no disturbance'),
  difference: told(z.number().optional(), 'Less that of the first; absent of the first, or if one is missing.', -120),
  ratio: told(
    z.number().optional(),
    'Over that of the first; absent of the first, if one is missing, or if that of the first is 0.',
    0.98,
  ),
});

const metricSchema = z.strictObject({
  name: told(z.string(), 'The metric.', 'response.p99'),
  unit: thresholdResultSchema.shape.unit,
  isMain: told(z.boolean(), 'Whether it is one of those that are judged.', true),
  values: told(z.array(valueSchema), 'Its values, the first in front.'),
});

const judgementSchema = z.strictObject({
  letter: told(letter, 'Of which run or study.', 'B'),
  judgement: told(
    z.enum(['better', 'worse', 'same', 'unknown']),
    'Beside the first: anything worse makes a run worse; unknown: nothing could be judged.',
    'worse',
  ),
  worse: told(z.array(z.string()), 'Metrics that are worse.', ['response.p99']),
  better: told(z.array(z.string()), 'Metrics that are better.', []),
  tooFew: told(z.array(z.string()), 'Metrics with too few attempts to judge; of studies none.', []),
  why: told(z.string().optional(), 'Of studies: what the judgement goes by.', '640/s did not hold, and 673/s did in A'),
});

const conditionSchema = z.strictObject({
  source: told(z.string(), 'The condition as it was given.', 'response.p99 > +10%'),
  letter: told(letter, 'Of which run or study.', 'B'),
  hasFailed: told(z.boolean(), 'Whether it holds, so that the exit code is 99.', false),
  found: told(z.string(), 'What was found, in words.', '+12.5%, 40ms to 45ms'),
});

/** What `compare --json` prints. Its published JSON Schema is made from this definition. */
export const comparisonReportSchema = z
  .strictObject({
    schemaVersion: told(z.literal(COMPARISON_SCHEMA_VERSION), 'Version of the layout.'),
    tool: summarySchema.shape.tool,
    of: told(z.enum(['runs', 'studies']), 'What is compared.', 'runs'),
    compared: told(z.array(comparedSchema), 'The runs or studies, the first in front.'),
    cautions: told(z.array(z.string()), 'What makes them hard to compare, in words.', []),
    tolerance: told(share, 'How much a metric may differ before it counts, as a share.', 0.25),
    metrics: told(z.array(metricSchema), 'All metrics that any of them has values for.'),
    judgements: told(z.array(judgementSchema), 'Of each but the first.'),
    conditions: told(z.array(conditionSchema), 'What the conditions of --fail-if found.', []),
    exitCode: told(count, 'Exit code of the program: 0, or 99 if a condition holds.', 0),
  })
  .meta({
    title: 'Fleetstorm comparison',
    description: 'What compare --json prints: runs or studies beside the first of them.',
  });
export type ComparisonReport = z.infer<typeof comparisonReportSchema>;

/** The JSON Schema (draft 2020-12) of what `compare --json` prints, for other tools. */
export function comparisonJsonSchema(): JsonSchema {
  return publishedSchema(comparisonReportSchema, COMPARISON_SCHEMA_ID, 'output');
}
