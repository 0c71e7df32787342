import { z } from 'zod';
import type { AuthAddress } from '../../../link/auth/auth-client.ts';
import { isHostName, splitHost } from './mqtt-address.ts';

const EXPECTED = 'an address such as https://iot-auth.cn-shanghai.aliyuncs.com/auth/devicename';
const DEFAULT_PATH = '/auth/devicename';
const DEFAULT_PORTS: Readonly<Record<string, number>> = { https: 443, http: 80 };

/** `https://HOST[:PORT][/PATH]`, and `http://` for services under test that have no TLS. */
export const authAddress = z
  .string({ error: EXPECTED })
  .meta({
    patternErrorMessage: `Expected ${EXPECTED}.`,
    pattern: '^[hH][tT][tT][pP][sS]?://[^?#@]+$',
    limits: 'Port 443 (80 for http) and the path /auth/devicename unless named; no credentials, no query.',
  })
  .transform((text, context): AuthAddress => {
    const address = parseAddress(text);
    if (typeof address !== 'string') return address;
    context.addIssue({ code: 'custom', message: address });
    return z.NEVER;
  });

/** The address, or what was expected instead. */
function parseAddress(text: string): AuthAddress | string {
  const [, scheme = '', authority = '', path = ''] = /^([a-z]+):\/\/([^/?#]*)(\/[^?#\s]*)?$/i.exec(text) ?? [];
  const defaultPort = DEFAULT_PORTS[scheme.toLowerCase()];
  if (defaultPort === undefined) return EXPECTED;
  if (authority.includes('@')) return `${EXPECTED} without credentials: devices sign with their own secrets`;
  const { host, port = defaultPort } = splitHost(authority);
  if (!isHostName(host) || host.includes('$') || port < 1 || port > 65_535) return EXPECTED;
  const isSecure = scheme.toLowerCase() === 'https';
  return { host: host.replace(/^\[|\]$/g, ''), port, isSecure, path: path.length > 1 ? path : DEFAULT_PATH };
}
