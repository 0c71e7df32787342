import { z } from 'zod';
import { count, microseconds, told } from '../count.ts';
import { type JsonSchema, publishedSchema } from '../published-schema.ts';
import { loginStepSchema } from './login-step.ts';

/** Version of the layout of what `login --json` prints. */
export const LOGIN_SCHEMA_VERSION = 1;

/** How sure a cause is: a trial got in without it, the signs point to it, or it would look the same. */
export const CERTAINTIES = ['shown', 'likely', 'possible'] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** Something that was tried after the login had failed, to tell causes apart. */
export const trialSchema = z.strictObject({
  trial: told(z.string(), 'Its name.', 'no-timestamp'),
  words: told(z.string(), 'What was done otherwise than in the login.', 'sign without a timestamp'),
  atUs: told(microseconds, 'When it began, from the beginning of the login.', 13_000_000),
  tookUs: told(microseconds, 'How long it took.', 1800),
  gotIn: told(z.boolean(), 'Whether it went where the login failed.', false),
  seen: told(z.string(), 'What was seen, in words.', 'CONNACK 4: bad user name or password'),
  connections: told(count, 'Connections that it took.', 1),
});
export type Trial = z.infer<typeof trialSchema>;

/** Why the device does not get in, and what would mend it. */
export const causeSchema = z.strictObject({
  cause: told(z.string(), 'Its name, which does not change between versions.', 'wrong-secret'),
  certainty: told(
    z.enum(CERTAINTIES),
    'shown: a trial without it got in, or the service says so; likely: the signs point to it; possible: it would look the same.',
    'likely',
  ),
  words: told(z.string(), 'The cause in words.', 'the device secret is not the one that the service has'),
  mend: told(z.string(), 'What to do about it.', 'compare the secret with the one in the console of the service'),
});
export type Cause = z.infer<typeof causeSchema>;

/** What `login --json` prints. Its published JSON Schema is made from this definition. */
export const loginReportSchema = z
  .strictObject({
    schemaVersion: told(z.literal(LOGIN_SCHEMA_VERSION), 'Version of the layout.'),
    tool: told(
      z.strictObject({
        name: told(z.literal('fleetstorm'), 'Always fleetstorm.'),
        version: told(z.string(), 'Version of the program.', '0.1.0'),
      }),
      'What made this.',
    ),
    device: told(
      z.strictObject({
        fleet: told(z.string().optional(), 'Name of its fleet; absent if no scenario was given.', 'meters'),
        productKey: told(z.string().optional(), 'Its product; absent if it has none.', 'a1Meters'),
        deviceName: told(z.string(), 'Its name.', 'meters-000017'),
      }),
      'The device.',
    ),
    target: told(z.string(), 'The service, in words.', 'mqtt://127.0.0.1:1883'),
    mode: told(z.enum(['direct', 'https-token', 'password']), 'How the device logs in.', 'direct'),
    transport: told(z.enum(['tcp', 'tls']), 'What its MQTT connection runs over.', 'tcp'),
    startedAt: told(z.iso.datetime(), 'When the login began, in UTC.', '2026-11-26T23:25:26.000Z'),
    isIn: told(z.boolean(), 'Whether the device got in, and everything after that was answered as it should be.', true),
    verdict: told(z.string(), 'The result in one sentence.', 'meters-000017 gets in'),
    steps: told(z.array(loginStepSchema), 'What was seen, step by step, in chronological order.'),
    trials: told(z.array(trialSchema), 'What was tried besides, in chronological order; empty with --once.'),
    untried: told(z.string().optional(), 'Why something else was not tried; absent if all was.'),
    causes: told(z.array(causeSchema), 'Causes, the most likely one first; empty if the device got in.'),
    connections: told(count, 'Connections that all this took.', 4),
    warnings: told(z.array(z.string()), 'What a reader should know besides, in words.', []),
  })
  .meta({ title: 'Fleetstorm login', description: 'One login of one device, looked at: what `login --json` prints.' });
export type LoginReport = z.infer<typeof loginReportSchema>;

/** Names the JSON Schema; its last part is the version of the layout. */
export const LOGIN_SCHEMA_ID = `urn:fleetstorm:login:${LOGIN_SCHEMA_VERSION}`;

/** The JSON Schema (draft 2020-12) of what `login --json` prints, for other tools. */
export function loginJsonSchema(): JsonSchema {
  return publishedSchema(loginReportSchema, LOGIN_SCHEMA_ID, 'output');
}
