import { isIP } from 'node:net';
import { z } from 'zod';

const addressError = 'an IP address of this machine, such as 192.168.1.20';
const error = `auto, or a list of 1 to 1000 IP addresses of this machine`;

/** `sources`: where connections start from. */
export const sourcesSchema = z
  .union(
    [
      z.literal('auto'),
      z
        .array(
          z.string({ error: addressError }).refine((text) => isIP(text) !== 0, { error: addressError }),
          { error },
        )
        .min(1, { error })
        .max(1_000, { error })
        .refine((addresses) => new Set(addresses).size === addresses.length, { error: 'each address once' }),
    ],
    { error },
  )
  .default('auto')
  .meta({
    description:
      'IP addresses that connections start from. Each has ports of its own, about 28,000: name more for more sessions to one address of a service. auto: for a target at 127.0.0.1, as many of 127.0.0.0/8 as the sessions need; for others, what the system chooses. With target.proxyProtocol: the addresses that its headers name. Up to 1000, each once.',
    examples: ['auto', ['192.168.1.20', '192.168.1.21']],
  });
