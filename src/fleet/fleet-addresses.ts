import { type ListRules, listRulesOf } from '../device/list/list-rules.ts';
import type { ServiceAddresses } from '../device/session/address-walk.ts';
import type { Endpoint } from '../link/port.ts';
import type { AddressRecorder } from '../metrics/measure/address-recorder.ts';
import { firstAddress, type Spread } from '../plan/spread.ts';
import type { FleetShard } from './protocol.ts';

/** The addresses of a service that has several, as one fleet sees them. */
export class FleetAddresses implements ServiceAddresses {
  readonly count: number;
  readonly spread: Spread;
  readonly recorder: AddressRecorder;
  readonly #endpoints: readonly Endpoint[];
  readonly #devicesBefore: number;

  constructor({ endpoints, spread, devicesBefore }: FleetShard, recorder: AddressRecorder) {
    this.count = endpoints.length;
    this.spread = spread;
    this.recorder = recorder;
    this.#endpoints = endpoints;
    this.#devicesBefore = devicesBefore;
  }

  firstOf(index: number): number {
    return firstAddress(this.#devicesBefore + index, this.count);
  }

  /** That of the scenario if it is one of its own; otherwise the place after them. */
  placeOf({ host, port }: Endpoint): number {
    const place = this.#endpoints.findIndex((own) => own.host === host && own.port === port);
    return place < 0 ? this.count : place;
  }
}

/** What the device list of a fleet must hold, whichever address its devices go to. */
export function listRulesFor({ fleet, endpoints }: FleetShard): ListRules {
  return listRulesOf(
    fleet,
    endpoints.map(({ host }) => host),
  );
}

/** The address with this place, `${productKey}` in its host filled in. */
export function endpointFor(endpoints: readonly Endpoint[], address: number, productKey: string): Endpoint {
  const endpoint = endpoints[address];
  if (endpoint === undefined) throw new RangeError(`the service has no address ${address}`);
  if (!endpoint.host.includes('$')) return endpoint;
  return { ...endpoint, host: endpoint.host.replaceAll(`\${productKey}`, productKey) };
}
