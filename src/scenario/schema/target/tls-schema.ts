import { z } from 'zod';
import { environmentNameOf, isKnownPlaceholder, placeholdersOf } from '../../../device/template.ts';
import { TLS_VERSIONS } from '../../../link/socket/tls.ts';
import { flag, line } from '../values.ts';

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
        description:
          "PEM file of the CAs to trust instead of the system's, for services with a CA of their own. Relative to the scenario file. The CA of the embedded emulator is trusted automatically.",
        examples: ['ca.pem'],
      }),
      verify: flag().default(true).meta({
        description:
          'Whether certificates of the service are verified. Turn it off only for a service under test; the summary says so then.',
      }),
      serverName: line(253, 'a host name')
        .optional()
        .meta({
          description:
            'Host name to ask for (SNI) and to expect in the certificate of the MQTT service. Left out: the host of the address. For services reached by address or through a tunnel.',
          examples: ['mqtt.example.com'],
        }),
      minVersion: z
        .literal([...TLS_VERSIONS], { error: `one of ${TLS_VERSIONS.join(', ')}` })
        .default('TLSv1.2')
        .meta({
          description: 'Oldest version of TLS that devices accept; the newest that both sides know is used.',
          examples: ['TLSv1.3'],
        }),
      sessionResumption: flag().default(false).meta({
        description:
          'Whether a device resumes the TLS session of its last MQTT connection. Off, every handshake is a full one, which costs the service most: the worst case of a storm.',
      }),
      clientCert: file.optional().meta({
        description:
          'PEM file of the certificate that devices present, with clientKey, unless a CSV file has one for each (columns ClientCert, ClientKey). Relative to the scenario file. Left out: none is presented.',
        examples: ['device.pem'],
      }),
      clientKey: file.optional().meta({
        description: 'PEM file of the private key of clientCert. Relative to the scenario file.',
        examples: ['device.key'],
      }),
      clientPfx: file.optional().meta({
        description:
          'PKCS#12 file of certificate and private key, instead of clientCert and clientKey. Relative to the scenario file.',
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
          description:
            'Protocols offered to the MQTT service in the handshake (ALPN), most preferred first, for services that share a port among protocols. Left out: none. 1 to 8 names of up to 255 bytes.',
          examples: [['mqtt'], ['x-amzn-mqtt-ca']],
        }),
    },
    { error: 'settings of TLS, such as { ca: ca.pem, verify: true }' },
  )
  .prefault({})
  .meta({
    title: 'TLS',
    description: 'How devices use TLS, for MQTT and for the HTTPS login.',
    examples: [{ ca: 'ca.pem', minVersion: 'TLSv1.3' }, { verify: false }],
  });
