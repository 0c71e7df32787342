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
    .meta({
      description: 'HMAC that signs the login. The service takes all three: name the one that the firmware uses.',
      examples: ['hmacsha256'],
    }),
  timestamp: z
    .union([z.string().regex(/^(?:now|none|\d{1,20})$/), z.number().int().nonnegative().transform(String)], {
      error: timestampError,
    })
    .default('now')
    .meta({
      description:
        'Salt of the signature. now: the time of each attempt, as SDKs do; none: no timestamp is signed or sent; digits: these, in every login, as firmware without a clock does.',
      limits: 'Up to 20 digits, in milliseconds.',
      examples: ['none', '1700000000000'],
    }),
};

const directSchema = z
  .strictObject({
    mode: z.literal('direct').meta({ description: 'CONNECT itself carries the signed identity; no HTTPS login.' }),
    ...SIGNING,
  })
  .meta({ title: 'Direct', description: 'CONNECT itself carries the signed identity.' });

const resourcesError = 'a list of resources, such as [mqtt], or []';

const tokenSchema = z
  .strictObject({
    mode: z
      .literal('https-token')
      .meta({ description: 'Devices first log in over HTTPS; the token from there is the password of CONNECT.' }),
    ...SIGNING,
    resources: z
      .array(z.string({ error: resourcesError }).regex(/^[a-z0-9_-]{1,32}$/, { error: resourcesError }), {
        error: resourcesError,
      })
      .max(8, { error: resourcesError })
      .default(['mqtt'])
      .meta({
        description:
          'What the reply should name besides the token. mqtt: the host and port to connect to (see target.followResources); []: nothing. Up to 8 names of letters, digits, "_" and "-".',
        examples: [['mqtt'], []],
      }),
    version: line(32, 'a version')
      .default('default')
      .meta({
        description:
          'Parameter version of the login, which is not signed. Change it where the firmware sends another one.',
        examples: ['1.0.0'],
      }),
    login: z
      .literal([...LOGIN_POLICIES], { error: `one of ${LOGIN_POLICIES.join(', ')}` })
      .default('on-refusal')
      .meta({
        examples: ['always'],
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
    mode: z
      .literal('password')
      .meta({ description: 'CONNECT carries a user name and a password made from templates.' }),
    clientId: template('a client id')
      .default(`\${deviceName}`)
      .meta({
        description: `Client id, which must differ from device to device. Placeholders: ${PLACEHOLDERS}.`,
        examples: [`\${deviceName}`, `\${productKey}.\${deviceName}`],
      }),
    username: template('a user name')
      .optional()
      .meta({
        description: `User name. Left out: none is sent. Placeholders: ${PLACEHOLDERS}.`,
        examples: [`\${deviceName}&\${productKey}`, `\${column:user}`],
      }),
    password: template('a password')
      .optional()
      .meta({
        description: `Password, preferably of an environment variable or of the device list, so that it is not in the file. Left out: none is sent. Placeholders: ${PLACEHOLDERS}.`,
        examples: [`\${env:MQTT_PASSWORD}`, `\${deviceSecret}`],
      }),
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
