import { resolve } from 'node:path';
import { z } from 'zod';
import { AUTH_CONNECTIONS } from '../../../link/auth/auth-connections.ts';
import { PROXY_VERSIONS } from '../../../link/socket/proxy-header.ts';
import { SPREADS } from '../../../plan/spread.ts';
import type { ServiceUse, Target, TlsFiles } from '../../scenario.ts';
import { flag } from '../values.ts';
import { authAddress } from './auth-address.ts';
import { emulatorSchema, toEmulator } from './emulator-schema.ts';
import { mqttAddresses } from './mqtt-addresses.ts';
import { tlsSchema } from './tls-schema.ts';

/** How devices use a service, real or emulated. */
const SERVICE_USE = {
  tls: tlsSchema,
  authConnections: z
    .literal([...AUTH_CONNECTIONS], { error: 'own or pooled' })
    .default('own')
    .meta({
      description:
        'Connections of HTTPS logins. own: one each, as real devices have. pooled: a few that stay open, for more logins per second where TLS handshakes are not the question.',
      examples: ['pooled'],
    }),
  followResources: flag().default(true).meta({
    description:
      'Whether devices connect where the reply to their HTTPS login sends them. Turn it off where that address cannot be reached from here.',
  }),
};

/** `target`: exactly one service. */
export const targetSchema = z
  .union(
    [
      z.strictObject({ emulator: emulatorSchema, ...SERVICE_USE }, { error: 'emulator' }),
      z.strictObject(
        {
          mqtt: mqttAddresses.meta({
            description: `A real MQTT service; mqtts:// over TLS. Several addresses, such as the nodes of a cluster, as a list; spread says which device goes where. Any host but this machine must be allowed by --allow-remote HOST. \${productKey} in the host name is replaced per fleet.`,
            examples: [
              'mqtt://127.0.0.1:1883',
              `mqtt://\${productKey}.iot-as-mqtt.cn-shanghai.aliyuncs.com:1883`,
              ['mqtt://127.0.0.1:1883', 'mqtt://127.0.0.1:1884'],
            ],
          }),
          spread: z
            .literal([...SPREADS], { error: 'by-device, in-turn or next-on-failure' })
            .default('by-device')
            .meta({
              examples: ['next-on-failure'],
              description:
                'How devices are spread over the addresses of mqtt. by-device: each device keeps one address, chosen by its number, in equal shares. in-turn: each attempt of a device goes to the next address. next-on-failure: a device keeps its address until an attempt fails or its session is lost, then goes to the next. Devices begin in equal shares with each; copies of a device begin at the same address.',
            }),
          auth: authAddress.optional().meta({
            description: 'Where devices of auth mode https-token log in; needed only with such fleets.',
            examples: ['https://iot-auth.cn-shanghai.aliyuncs.com/auth/devicename'],
          }),
          proxyProtocol: z
            .literal([...PROXY_VERSIONS], { error: 'v1 or v2' })
            .optional()
            .meta({
              examples: ['v2'],
              description:
                'PROXY protocol header before TLS and CONNECT, as a load balancer sends it. Its addresses are those of sources, which this machine then need not have; without sources, each device gets one of 198.18.0.0/15. Left out: none is sent.',
            }),
          ...SERVICE_USE,
        },
        { error: 'mqtt' },
      ),
    ],
    { error: 'exactly one of { emulator: { profile: "2017" } } and { mqtt: "mqtt://HOST:PORT" }' },
  )
  .meta({
    title: 'Target',
    description: 'The service under load: the embedded emulator, or a real one. Exactly one of emulator and mqtt.',
    examples: [{ emulator: { profile: '2017' } }, { mqtt: 'mqtts://broker.example.com:8883', tls: { ca: 'ca.pem' } }],
  });

/** The target as the rest of the program knows it; relative paths start from `folder`. */
export function toTarget(input: z.output<typeof targetSchema>, folder: string): Target {
  const use: ServiceUse = {
    tls: toTlsFiles(input.tls, folder),
    authConnections: input.authConnections,
    followsResources: input.followResources,
  };
  if ('mqtt' in input)
    return {
      kind: 'mqtt',
      ...input.mqtt,
      // Without meaning for a single address, so it is the same however it was written.
      spread: input.mqtt.addresses.length === 1 ? 'by-device' : input.spread,
      auth: input.auth,
      proxyProtocol: input.proxyProtocol,
      ...use,
    };
  return { kind: 'emulator', ...toEmulator(input.emulator), ...use };
}

function toTlsFiles(input: z.output<typeof tlsSchema>, folder: string): TlsFiles {
  const { ca, clientCert, clientKey, clientPfx, ...rules } = input;
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(folder, file));
  return {
    ...rules,
    caPath: path(ca),
    clientCertPath: path(clientCert),
    clientKeyPath: path(clientKey),
    clientPfxPath: path(clientPfx),
  };
}
