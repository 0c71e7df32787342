import { z } from 'zod';
import type { Endpoint, Transport } from '../../../link/port.ts';
import { type Address, mqttAddress } from './mqtt-address.ts';

/** The most addresses of a service: each has counts and histograms of its own. */
export const MOST_ADDRESSES = 32;

const EXPECTED = `an address such as mqtt://127.0.0.1:1883, or a list of 1 to ${MOST_ADDRESSES} of them`;

/** Where a service is reached, and over what. */
export interface Addresses {
  readonly transport: Transport;
  /** At least one, each once. */
  readonly addresses: readonly Endpoint[];
}

const listSchema = z
  .array(mqttAddress, { error: EXPECTED })
  .min(1, { error: EXPECTED })
  .max(MOST_ADDRESSES, { error: EXPECTED })
  .superRefine((addresses, context) => {
    for (const [index, address] of addresses.entries()) {
      const message = listFault(address, index, addresses);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [index] });
    }
  })
  .meta({ limits: `Up to ${MOST_ADDRESSES} addresses, each once, all of one scheme.` });

/** One address of a service, or several. */
export const mqttAddresses = z.union([mqttAddress, listSchema], { error: EXPECTED }).transform((input): Addresses => {
  const list = Array.isArray(input) ? input : [input];
  return { transport: list[0]?.transport ?? 'tcp', addresses: list.map(({ host, port }) => ({ host, port })) };
});

/** What was expected instead of an address, given those before it. */
function listFault({ host, port, transport }: Address, index: number, all: readonly Address[]): string | undefined {
  const [first] = all;
  if (first !== undefined && transport !== first.transport) {
    const scheme = first.transport === 'tls' ? 'mqtts://' : 'mqtt://';
    return `${scheme}, as the first address has it: the addresses of a service share transport and TLS settings`;
  }
  const isTold = all.slice(0, index).some((other) => other.host === host && other.port === port);
  return isTold ? 'each address once' : undefined;
}
