import { isIPv6 } from 'node:net';
import { z } from 'zod';

const EXPECTED = 'an address such as mqtt://127.0.0.1:1883 (the port is 1883 when left out)';
const DEFAULT_PORT = 1883;

/** Where an address leads. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `mqtt://HOST[:PORT]`; `${productKey}` may stand in the host name. */
export const mqttAddress = z
  .string({ error: EXPECTED })
  // Only for editors: what is wrong with an address is said below, in words.
  .meta({ pattern: '^mqtt://[^/?#@]+/?$' })
  .transform((text, context): Address => {
    const address = parseAddress(text);
    if (typeof address !== 'string') return address;
    context.addIssue({ code: 'custom', message: address });
    return z.NEVER;
  });

/** The address, or what was expected instead. */
function parseAddress(text: string): Address | string {
  const [, scheme, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined) return EXPECTED;
  if (/^(mqtts|ssl|tls)$/i.test(scheme)) return `mqtt:// (${scheme}://, that is TLS, comes with a later version)`;
  if (/^(ws|wss)$/i.test(scheme)) return `mqtt:// (${scheme}://, that is WebSocket, is not supported)`;
  if (scheme.toLowerCase() !== 'mqtt' && scheme.toLowerCase() !== 'tcp') return EXPECTED;
  if (rest.includes('@')) return `${EXPECTED} without credentials: they belong into auth: { mode: password, ... }`;
  const [, host = '', port] = /^(\[[^\]]*\]|[^:/]*)(?::(\d{1,5}))?\/?$/.exec(rest) ?? [];
  const portNumber = port === undefined ? DEFAULT_PORT : Number(port);
  if (!isHost(host) || portNumber < 1 || portNumber > 65_535) return EXPECTED;
  return { host: host.replace(/^\[|\]$/g, ''), port: portNumber };
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1));
  const name = host.replaceAll(`\${productKey}`, 'x');
  return (
    name.length <= 253 &&
    name.split('.').every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label))
  );
}
