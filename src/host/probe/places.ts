import type { AuthAddress } from '../../link/auth/auth-client.ts';
import { addressOf } from '../../link/failures.ts';
import type { Endpoint } from '../../link/port.ts';
import { type ProxyOptions, proxyAddress } from '../../link/socket/proxy-header.ts';
import { secureContextOf, type TlsLayer, type TlsSettings } from '../../link/socket/tls.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { MqttTarget, Scenario } from '../../scenario/scenario.ts';
import { transportOf } from '../../scenario/transport.ts';
import { mqttHost } from '../machine/target-hosts.ts';
import { realAccess } from '../target/target-access.ts';

/** A place that devices connect to. */
export interface Place {
  /** The setting that names it. */
  readonly setting: 'target.mqtt' | 'target.auth';
  readonly endpoint: Endpoint;
  /** Undefined: plain TCP. */
  readonly tls: TlsLayer | undefined;
  /** The PROXY header sent first on the connection; undefined for none. */
  readonly proxy: ProxyOptions | undefined;
  /** Devices may present their own certificates, which the probe does not have: a service that demands one still counts as present. */
  readonly mayNeedCertificate: boolean;
}

/** The most places to probe: with a host per product there may be thousands. Enough for every address of a service, and its login. */
export const MOST_PLACES = 33;

/** The places that the devices of a scenario connect to, each once. Rejects if a certificate's file cannot be read. */
export async function placesOf(scenario: Scenario, target: MqttTarget, environment: Environment): Promise<Place[]> {
  const { tls, auth } = await realAccess(scenario, target, [], environment);
  const mayNeedCertificate = tls?.client === undefined && scenario.fleets.some(({ devices }) => devices.kind === 'csv');
  const secured = tls === undefined ? undefined : layerOf(tls, tls.serverName, tls.alpn);
  const proxy = proxyOf(scenario, target);
  const found = new Map<string, Place>();
  for (const fleet of scenario.fleets) {
    const transport = transportOf(fleet, target);
    for (const address of target.addresses) {
      const host = mqttHost(address, fleet.productKey);
      if (host === undefined) continue;
      const endpoint = { host, port: address.port };
      const tls = transport === 'tls' ? secured : undefined;
      const place: Place = { setting: 'target.mqtt', endpoint, tls, proxy, mayNeedCertificate };
      found.set(`${transport} ${addressOf(endpoint)}`, place);
    }
  }
  const logins = auth === undefined ? [] : [authPlace(auth, tls, mayNeedCertificate)];
  return [...logins, ...found.values()].slice(0, MOST_PLACES);
}

/** The name to expect (`serverName`) is that of the MQTT service; the auth service is another host. */
function authPlace(
  { host, port, isSecure }: AuthAddress,
  tls: TlsSettings | undefined,
  mayNeedCertificate: boolean,
): Place {
  const layer = isSecure && tls !== undefined ? layerOf(tls, undefined, undefined) : undefined;
  return { setting: 'target.auth', endpoint: { host, port }, tls: layer, proxy: undefined, mayNeedCertificate };
}

function layerOf(settings: TlsSettings, serverName: string | undefined, alpn: TlsLayer['alpn']): TlsLayer {
  return { context: secureContextOf(settings), verify: settings.verify, serverName, alpn };
}

/** The header that a device's first connection would send. */
function proxyOf({ sources }: Scenario, { proxyProtocol: version }: MqttTarget): ProxyOptions | undefined {
  if (version === undefined) return undefined;
  return { version, address: proxyAddress(0, sources === 'auto' ? undefined : sources) };
}
