import { z } from 'zod';
import { SIGN_METHODS } from '../../device/signing.ts';
import { isKnownPlaceholder, placeholdersOf } from '../../device/template.ts';
import { line } from './values.ts';

/** Placeholders a template may hold, for error texts. */
export const PLACEHOLDERS = `\${deviceName} \${productKey} \${deviceSecret} \${index} \${env:NAME}`;

const timestampError = 'now, none, or digits (milliseconds)';

function template(what: string) {
  const expected = `${what}: a text that may hold ${PLACEHOLDERS}`;
  return line(1_024, expected).refine((text) => placeholdersOf(text).every(isKnownPlaceholder), {
    error: `only placeholders that are known: ${PLACEHOLDERS}`,
  });
}

const directSchema = z
  .strictObject({
    mode: z.literal('direct'),
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
  })
  .meta({ title: 'Direct', description: 'CONNECT itself carries the signed identity.' });

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
      .meta({ description: `Template of the password, best \${env:NAME}. Left out: none is sent.` }),
  })
  .meta({ title: 'User name and password', description: 'As any MQTT broker takes them.' });

/** `auth`: how the devices of a fleet log in. Its output is an `AuthSpec` already. */
export const authSchema = z
  .discriminatedUnion('mode', [directSchema, passwordSchema], { error: 'one of direct, password' })
  .meta({
    title: 'Auth',
    examples: [
      { mode: 'direct', signmethod: 'hmacsha1', timestamp: 'now' },
      { mode: 'password', username: `\${deviceName}`, password: `\${env:MQTT_PASSWORD}` },
    ],
  });
