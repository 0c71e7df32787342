import type { AuthSpec } from '../../device/auth/auth.ts';
import type { OnConnectSpec } from '../../device/greeting.ts';
import type { DeviceIdentity } from '../../device/identity.ts';
import type { AuthAddress } from '../../link/auth/auth-client.ts';
import type { ConnectionSettings, Endpoint, Transport } from '../../link/port.ts';
import type { ProxyOptions } from '../../link/socket/proxy-header.ts';
import type { TlsSettings } from '../../link/socket/tls.ts';

/** One device, and how it logs in to its service. Holds its secret, so it is never printed. */
export interface LoginSubject {
  /** Undefined if no scenario was given. */
  readonly fleet: string | undefined;
  readonly identity: DeviceIdentity;
  /** Its 0-based place in its fleet. */
  readonly index: number;
  /** The client id it signs with; undefined: its name. */
  readonly clientId?: string | undefined;
  readonly auth: AuthSpec;
  readonly transport: Transport;
  /** With the product filled in. */
  readonly endpoint: Endpoint;
  /** Further addresses of the service, that other devices go to. */
  readonly otherEndpoints: readonly Endpoint[];
  /** Where devices can ask for a token, whether this one does or not; undefined: nowhere that is known. */
  readonly authAddress: AuthAddress | undefined;
  /** Undefined: nothing of its login uses TLS. */
  readonly tls: TlsSettings | undefined;
  readonly followsResources: boolean;
  /** Hosts besides this machine that may be spoken to. */
  readonly allowedHosts: readonly string[];
  readonly proxy: ProxyOptions | undefined;
  readonly connection: ConnectionSettings;
  readonly onConnect: OnConnectSpec | undefined;
  /** Values of the environment variables that its templates name. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the further columns of its row that templates name. */
  readonly columns: readonly string[];
  /** The service in words. */
  readonly target: string;
  /** What a reader should know of what is looked at, in words. */
  readonly warnings: readonly string[];
}
