import { isIP } from 'node:net';
import { z } from 'zod';
import type { EmulatorListen } from '../scenario.ts';
import { isHostName, splitHost } from '../schema/target/mqtt-address.ts';

const EXPECTED = 'an IP address of this machine, such as 192.0.2.10 or 192.0.2.10:1883, IPv6 in brackets';

/** `ADDRESS[:PORT]`, IPv6 in brackets. A name may lead to one address here and to another elsewhere, so it is none. */
const listenAddress = z
  .string({ error: EXPECTED })
  .meta({ patternErrorMessage: `Expected ${EXPECTED}.`, pattern: '^(?:[0-9.]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?$' })
  .transform((text, context): EmulatorListen => {
    const { host: written, port = 0 } = splitHost(text);
    const host = written.replace(/^\[|\]$/g, '');
    const isAddress = isIP(host) === (written === host ? 4 : 6);
    if (isAddress && port <= 65_535) return { host, port };
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  });

const NAME_EXPECTED = 'a host name or an IP address';

const reachableName = z
  .string({ error: NAME_EXPECTED })
  .meta({ patternErrorMessage: `Expected ${NAME_EXPECTED}.`, pattern: '^(?:[A-Za-z0-9_.:-]+|\\[[0-9A-Fa-f:.]+\\])$' })
  .transform((text, context): string => {
    const host = text.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 || (isHostName(text) && !text.includes('$'))) return host;
    context.addIssue({ code: 'custom', message: NAME_EXPECTED });
    return z.NEVER;
  });

/** Where other machines reach the emulator. */
export const LISTEN_KEYS = {
  listen: listenAddress.optional().meta({
    description:
      'Address of this machine that the emulator listens on, so that agents on other machines reach it; with a port, or else the system chooses one. Everybody who reaches that address can log in while the run goes on. Left out: only this machine does.',
    examples: ['192.0.2.10', '192.0.2.10:1883'],
  }),
  reachableAs: reachableName.optional().meta({
    description:
      'Name or address by which devices reach the emulator, where that is another than the one it listens on: needed if that is 0.0.0.0 or [::]. It must be allowed by --allow-remote HOST, and its certificate is for this name too.',
    examples: ['emulator.example.com'],
  }),
};

/** What was asked for; undefined: loopback alone. */
export function toListen(
  listen: EmulatorListen | undefined,
  reachableAs: string | undefined,
): EmulatorListen | undefined {
  return listen === undefined ? undefined : { ...listen, reachableAs };
}
