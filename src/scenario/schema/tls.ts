import { z } from 'zod';
import { TLS_VERSIONS } from '../../link/tls.ts';
import { line } from './values.ts';

const flag = z.boolean({ error: 'true or false' });
const file = line(4_096, 'the path of a PEM file relative to the scenario file');

/** `target.tls`: how devices use TLS, for MQTT and for the HTTPS login. */
export const tlsSchema = z
  .strictObject(
    {
      ca: file.optional().meta({
        description:
          "CAs that are trusted, in place of the system's. The embedded emulator hands its own over by itself.",
        examples: ['ca.pem'],
      }),
      verify: flag
        .default(true)
        .meta({ description: 'Whether certificates are verified. The summary says so when they are not.' }),
      serverName: line(253, 'a host name')
        .optional()
        .meta({ description: 'Name to expect in the certificate of the MQTT service, in place of its host.' }),
      minVersion: z
        .literal([...TLS_VERSIONS], { error: `one of ${TLS_VERSIONS.join(', ')}` })
        .default('TLSv1.2')
        .meta({ description: 'Oldest version of TLS that is accepted.' }),
      sessionResumption: flag.default(false).meta({
        description:
          'Whether a device resumes the TLS session of its last MQTT connection. Else every handshake is a full one.',
      }),
      clientCert: file.optional().meta({
        description:
          'Certificate that devices show, unless a CSV file has one for each (columns ClientCert, ClientKey).',
      }),
      clientKey: file.optional().meta({ description: 'Its private key.' }),
    },
    { error: 'settings of TLS, such as { ca: ca.pem, verify: true }' },
  )
  .prefault({})
  .meta({ title: 'TLS', description: 'How devices use TLS, for MQTT and for the HTTPS login.' });
