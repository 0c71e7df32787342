import { z } from 'zod';
import { LOGIN_POLICIES } from '../../device/auth/auth.ts';
import { SIGN_METHODS } from '../../device/auth/signing.ts';
import { isKnownPlaceholder, placeholdersOf } from '../../device/template.ts';
import { MAX_TEXT_BYTES } from '../../link/mqtt/sendable.ts';
import { line, text } from './values.ts';

/** Placeholders that a template may contain, for error texts. */
export const PLACEHOLDERS = `\${deviceName} \${productKey} \${deviceSecret} \${index} \${column:NAME} \${env:NAME}`;

const timestampError = 'now, none, or digits (milliseconds)';

function template(what: string) {
  const expected = `${what}: a text that may contain ${PLACEHOLDERS}`;
  // The filled-in text is checked device by device.
  return text(MAX_TEXT_BYTES, expected).refine((value) => placeholdersOf(value).every(isKnownPlaceholder), {
    error: `known placeholders only: ${PLACEHOLDERS}`,
  });
}

const SIGNING = {
  signmethod: z
    .enum(SIGN_METHODS, { error: `one of ${SIGN_METHODS.join(', ')}` })
    .default('hmacsha1')
    .meta({ description: 'The HMAC a login is signed with.' }),
  timestamp: z
    .union([z.string().regex(/^(?:now|none|\d{1,20})$/), z.number().int().nonnegative().transform(String)], {
      error: timestampError,
    })
    .default('now')
    .meta({ description: 'Salt of the signature: the time of each attempt, none at all, or these digits.' }),
};

const directSchema = z
  .strictObject({ mode: z.literal('direct'), ...SIGNING })
  .meta({ title: 'Direct', description: 'CONNECT itself carries the signed identity.' });

const resourcesError = 'a list of resources, such as [mqtt], or []';

const tokenSchema = z
  .strictObject({
    mode: z.literal('https-token'),
    ...SIGNING,
    resources: z
      .array(z.string({ error: resourcesError }).regex(/^[a-z0-9_-]{1,32}$/, { error: resourcesError }), {
        error: resourcesError,
      })
      .max(8, { error: resourcesError })
      .default(['mqtt'])
      .meta({ description: 'What the reply should name besides the token; mqtt: the host and port to connect to.' }),
    version: line(32, 'a version')
      .default('default')
      .meta({ description: 'The parameter of that name, which is not signed.' }),
    login: z
      .literal([...LOGIN_POLICIES], { error: `one of ${LOGIN_POLICIES.join(', ')}` })
      .default('on-refusal')
      .meta({
        description:
          'When a session asks for a new token. on-refusal: once the service refuses its token with CONNACK 3, or its 7 days are over; never: not after the first; always: before every attempt.',
      }),
  })
  .meta({
    title: 'HTTPS token',
    description: 'The auth service issues a token for the signed identity, and CONNECT carries the token.',
  });

const passwordSchema = z
  .strictObject({
    mode: z.literal('password'),
    clientId: template('a client id')
      .default(`\${deviceName}`)
      .meta({ description: `Template of the client id: ${PLACEHOLDERS}` }),
    username: template('a user name')
      .optional()
      .meta({ description: 'Template of the user name. Left out: none is sent.' }),
    password: template('a password')
      .optional()
      .meta({ description: `Template of the password, preferably \${env:NAME}. Left out: none is sent.` }),
  })
  .meta({ title: 'User name and password', description: 'As any MQTT broker accepts them.' });

/** `auth`: how the devices of a fleet log in. Its output is an `AuthSpec` already. */
export const authSchema = z
  .discriminatedUnion('mode', [directSchema, tokenSchema, passwordSchema], {
    error: 'one of direct, https-token, password',
  })
  .meta({
    title: 'Auth',
    examples: [
      { mode: 'direct', signmethod: 'hmacsha1', timestamp: 'now' },
      { mode: 'https-token', login: 'on-refusal' },
      { mode: 'password', username: `\${deviceName}`, password: `\${env:MQTT_PASSWORD}` },
    ],
  });
