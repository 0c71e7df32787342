import { z } from 'zod';
import { count, seconds, told } from '../count.ts';
import { type JsonSchema, publishedSchema } from '../published-schema.ts';
import { summarySchema } from '../summary/summary.ts';
import { studyAnswerSchema } from './study-answer.ts';
import { studyHoldSchema } from './study-hold.ts';

/** Version of the layout of a study's `summary.json`. */
export const STUDY_SCHEMA_VERSION = 1;
/** Names the JSON Schema; its last part is the version of the layout. */
export const STUDY_SCHEMA_ID = `urn:fleetstorm:study:${STUDY_SCHEMA_VERSION}`;

const settingsSchema = z.strictObject({
  goals: told(z.array(z.string()).min(1), 'What every window was held to.', ['response.p99 < 1s']),
  from: told(z.number().positive(), 'The first load, and the least.', 100),
  to: told(z.number().positive(), 'The largest.', 20000),
  precision: told(z.number().positive(), 'How far apart the bounds may be, as a share of the lower one.', 0.05),
  exceed: told(z.number().nonnegative(), 'Share of the time in which a load that holds may miss a goal.', 0.1),
  budgetSec: told(seconds, 'The most time the search might take.', 600),
  confirmSec: told(seconds, 'How long the lower bound was to be held without a break.', 60),
  stayMs: told(
    z.number().nonnegative(),
    'How long each session stayed online, at most; 0: until the end of its hold.',
    2000,
  ),
  loginPerSec: told(
    z.number().positive().optional(),
    'Logins per second of a search for sessions; absent in a search for a rate.',
    500,
  ),
});

/** `summary.json` of a study: what a capacity search found. Its published JSON Schema is made from this definition. */
export const studySummarySchema = z
  .strictObject({
    study: told(z.literal('capacity'), 'What kind of study: always capacity.'),
    schemaVersion: told(z.literal(STUDY_SCHEMA_VERSION), 'Version of the layout of this file.'),
    search: told(
      z.enum(['rate', 'sessions']),
      'What was searched for: logins per second, or sessions that stay online.',
      'rate',
    ),
    tool: summarySchema.shape.tool,
    scenario: told(
      summarySchema.shape.scenario.pick({ name: true, seed: true, target: true, sha256: true }),
      'What was held.',
    ),
    machine: summarySchema.shape.machine,
    startedAt: told(z.iso.datetime(), 'When the study began, in UTC.', '2026-11-26T23:25:26.000Z'),
    finishedAt: told(
      z.iso.datetime(),
      'When it ended, in UTC; of a study under way, when this was written.',
      '2026-11-26T23:29:42.000Z',
    ),
    elapsedSec: told(seconds, 'How long it lasted, in seconds.', 256.3),
    interrupted: told(z.boolean(), 'Whether it was stopped before its end.', false),
    exitCode: told(
      count,
      'Exit code of the program: 0 answered, 4 no login was accepted, 97 this tool was the limit, 99 not what was expected, 130 interrupted.',
      0,
    ),
    expected: told(
      z
        .strictObject({
          source: told(z.string(), 'The condition as it was given.', '>= 2000/s'),
          passed: told(z.boolean(), 'Whether the bounds prove it.', true),
        })
        .optional(),
      'What the capacity was expected to be; absent if nothing was.',
    ),
    settings: told(settingsSchema, 'How the search went about it.'),
    answer: told(studyAnswerSchema, 'What it found.'),
    holds: told(z.array(studyHoldSchema), 'All holds, in order.'),
    warnings: told(z.array(z.string()), 'What a reader should know besides, in words.', []),
  })
  .meta({
    title: 'Fleetstorm study summary',
    description: 'What a capacity search found: summary.json of its result folder.',
  });
export type StudySummary = z.infer<typeof studySummarySchema>;

/** The JSON Schema (draft 2020-12) of a study's `summary.json`, for other tools. */
export function studyJsonSchema(): JsonSchema {
  return publishedSchema(studySummarySchema, STUDY_SCHEMA_ID, 'output');
}
