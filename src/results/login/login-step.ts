import { z } from 'zod';
import { microseconds, told } from '../count.ts';

/** Steps of one login, in the order in which they happen. Those of the HTTPS login come first, if there is one. */
export const LOGIN_STEPS = [
  'auth-name',
  'auth-tcp',
  'auth-tls',
  'auth-login',
  'name',
  'tcp',
  'tls',
  'connect',
  'subscribe',
  'publish',
  'ping',
] as const;
export type LoginStepName = (typeof LOGIN_STEPS)[number];

/** How a step went: `noted` is for what went on although something was not as it should be. */
export const STEP_STATES = ['ok', 'noted', 'failed'] as const;
export type StepState = (typeof STEP_STATES)[number];

/** A fact that a step brought to light: `cipher`, `TLS_AES_256_GCM_SHA384`. */
export const factSchema = z.strictObject({
  name: told(z.string(), 'What it is.', 'version'),
  value: told(z.string(), 'What was seen. Free of secrets.', 'TLSv1.3'),
});
export type Fact = z.infer<typeof factSchema>;

/** A step of the login. */
export const loginStepSchema = z.strictObject({
  step: told(z.enum(LOGIN_STEPS), 'Which step it is; those of the HTTPS login begin with auth-.', 'tcp'),
  state: told(
    z.enum(STEP_STATES),
    'ok; noted: something was not as it should be, and the login went on; failed: the login ended here.',
    'ok',
  ),
  atUs: told(microseconds, 'When it began, from the beginning of the login.', 1250),
  tookUs: told(microseconds, 'How long it took.', 310),
  seen: told(z.string(), 'What was seen, in words. Free of secrets.', 'connected to 127.0.0.1:1883'),
  facts: told(z.array(factSchema), 'What else came to light, such as addresses, certificates, fields of CONNECT.'),
});
export type LoginStep = z.infer<typeof loginStepSchema>;
