import { z } from 'zod';
import { columnNameOf, isKnownPlaceholder, placeholdersOf } from '../../device/template.ts';
import { expectedOfFilter, expectedOfTopic } from '../../link/mqtt/sendable.ts';
import { isSecretName } from '../text/secret-names.ts';
import { line, whole } from './values.ts';

/** Placeholders in topics. Anybody on the service may see topics, so the secret is not one of them. */
const PLACEHOLDERS = `\${productKey} \${deviceName} \${index} \${column:NAME} \${env:NAME}`;
/** Leaves room for filled-in placeholders: a topic has at most 65,535 bytes. */
const MAX_TOPIC_CHARS = 1_024;
/** Largest payload that the service accepts (docs/protocol.md section 4). */
const MAX_PAYLOAD_BYTES = 262_144;
const MAX_FILTERS = 1_000;
const MAX_MESSAGES = 100;

const qos = z
  .literal([0, 1], { error: '0 or 1' })
  .default(0)
  .meta({ description: 'Quality of service. 0: at most once, unacknowledged; 1: at least once.', examples: [1] });

/** The secret itself, and columns named like one. */
function isSecretPlaceholder(name: string): boolean {
  return name === 'deviceSecret' || isSecretName(columnNameOf(name) ?? '');
}

/** A topic or filter that may contain placeholders; `expectedOf` gets the text before they are filled in. */
function topic(what: string, expectedOf: (text: string) => string | undefined) {
  return line(MAX_TOPIC_CHARS, `${what} that may contain ${PLACEHOLDERS}`).superRefine((text, context) => {
    const names = placeholdersOf(text);
    const isKnown = names.every((name) => isKnownPlaceholder(name) && !isSecretPlaceholder(name));
    const message = isKnown ? expectedOf(text) : `only placeholders that a topic may contain: ${PLACEHOLDERS}`;
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

const filterSchema = z.strictObject(
  {
    topic: topic('a topic filter', expectedOfFilter).meta({
      description: `Topic filter, with + and # as in MQTT. Placeholders: ${PLACEHOLDERS}.`,
      examples: [`/\${productKey}/\${deviceName}/user/get`, 'commands/#'],
    }),
    qos,
  },
  { error: '{ topic, qos }' },
);

const messageSchema = z.strictObject(
  {
    topic: topic('a topic', expectedOfTopic).meta({
      description: `Topic to publish to, without wildcards. Placeholders: ${PLACEHOLDERS}.`,
      examples: [`/\${productKey}/\${deviceName}/user/update`],
    }),
    qos,
    bytes: whole(0, MAX_PAYLOAD_BYTES)
      .default(0)
      .meta({ description: 'Length of the payload in bytes, all of them zero.', examples: [128] }),
  },
  { error: '{ topic, qos, bytes }' },
);

const filtersError = `a list of up to ${MAX_FILTERS} filters, such as [{ topic: /a/#, qos: 1 }]`;
const messagesError = `a list of up to ${MAX_MESSAGES} messages, such as [{ topic: /a, qos: 1, bytes: 128 }]`;

/** `onConnect`: what a device sends after each accepted CONNACK. Its output is an `OnConnectSpec` already. */
export const onConnectSchema = z
  .strictObject(
    {
      subscribe: z
        .array(filterSchema, { error: filtersError })
        .max(MAX_FILTERS, { error: filtersError })
        .refine((filters) => new Set(filters.map(({ topic }) => topic)).size === filters.length, {
          error: 'filters that differ from each other',
        })
        .default([])
        .meta({
          description: 'Topic filters of one SUBSCRIBE, which is sent first. Each filter once.',
          examples: [[{ topic: `/\${productKey}/\${deviceName}/user/get`, qos: 1 }]],
        }),
      publish: z
        .array(messageSchema, { error: messagesError })
        .max(MAX_MESSAGES, { error: messagesError })
        .default([])
        .meta({
          description: 'Messages in this order, one PUBLISH each.',
          examples: [[{ topic: `/\${productKey}/\${deviceName}/user/update`, qos: 1, bytes: 128 }]],
        }),
    },
    {
      error:
        'what to send, such as { subscribe: [{ topic: /a/#, qos: 1 }], publish: [{ topic: /a, qos: 1, bytes: 128 }] }',
    },
  )
  .meta({
    title: 'On connect',
    description:
      'What a device sends after each accepted CONNACK, first logins and reconnects alike: in a storm, often more work for the service than the logins. Left out: nothing.',
    examples: [
      {
        subscribe: [{ topic: `/\${productKey}/\${deviceName}/user/get`, qos: 1 }],
        publish: [{ topic: `/\${productKey}/\${deviceName}/user/update`, qos: 1, bytes: 128 }],
      },
    ],
  });
