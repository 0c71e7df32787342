import { z } from 'zod';
import { environmentNameOf, isKnownPlaceholder, placeholdersOf } from '../../device/template.ts';
import { TLS_VERSIONS } from '../../link/socket/tls.ts';
import { line } from './values.ts';

const flag = z.boolean({ error: 'true or false' });
const file = line(4_096, 'the path of a PEM file relative to the scenario file');

/** A key that devices share does not depend on any of them. */
const passphraseError = `a text that may contain \${env:NAME}, and no other placeholder`;
const passphrase = line(1_024, passphraseError).refine(
  (text) => placeholdersOf(text).every((name) => isKnownPlaceholder(name) && environmentNameOf(name) !== undefined),
  { error: passphraseError },
);

const MAX_PROTOCOL_BYTES = 255;
const alpnError = 'a list of 1 to 8 protocol names of at most 255 bytes, such as [mqtt]';

/** `target.tls`: how devices use TLS, for MQTT and for the HTTPS login. */
export const tlsSchema = z
  .strictObject(
    {
      ca: file.optional().meta({
        description: "CAs to trust instead of the system's. The CA of the embedded emulator is trusted automatically.",
        examples: ['ca.pem'],
      }),
      verify: flag
        .default(true)
        .meta({ description: 'Whether certificates are verified. The summary says so when they are not.' }),
      serverName: line(253, 'a host name')
        .optional()
        .meta({ description: 'Name to expect in the certificate of the MQTT service, instead of its host.' }),
      minVersion: z
        .literal([...TLS_VERSIONS], { error: `one of ${TLS_VERSIONS.join(', ')}` })
        .default('TLSv1.2')
        .meta({ description: 'Oldest version of TLS that is accepted.' }),
      sessionResumption: flag.default(false).meta({
        description:
          'Whether a device resumes the TLS session of its last MQTT connection; otherwise every handshake is a full one.',
      }),
      clientCert: file.optional().meta({
        description:
          'Certificate that devices present, unless a CSV file has one for each (columns ClientCert, ClientKey).',
      }),
      clientKey: file.optional().meta({ description: 'Its private key.' }),
      clientPfx: file.optional().meta({
        description: 'Certificate and private key in one PKCS#12 file, instead of clientCert and clientKey.',
        examples: ['device.p12'],
      }),
      clientKeyPassphrase: passphrase.optional().meta({
        description: `Decrypts clientKey, clientPfx and private keys of CSV files if they are encrypted; preferably \${env:NAME}.`,
        examples: [`\${env:KEY_PASSPHRASE}`],
      }),
      alpn: z
        .array(
          z
            .string({ error: alpnError })
            .min(1, { error: alpnError })
            .refine((name) => Buffer.byteLength(name) <= MAX_PROTOCOL_BYTES, { error: alpnError }),
          { error: alpnError },
        )
        .min(1, { error: alpnError })
        .max(8, { error: alpnError })
        .optional()
        .meta({
          description: 'Protocols offered to the MQTT service in the handshake (ALPN), most preferred first.',
          examples: [['mqtt']],
        }),
    },
    { error: 'settings of TLS, such as { ca: ca.pem, verify: true }' },
  )
  .prefault({})
  .meta({ title: 'TLS', description: 'How devices use TLS, for MQTT and for the HTTPS login.' });
