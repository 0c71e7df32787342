import type { Fleet } from '../device/fleet.ts';
import type { AuthConfig, StandingLimits } from '../emulator/contract/config.ts';
import type { Profile } from '../emulator/contract/profiles.ts';
import type { AuthAddress } from '../link/auth/auth-client.ts';
import type { AuthConnections } from '../link/auth/auth-connections.ts';
import type { Endpoint, MqttClientName, Transport } from '../link/port.ts';
import type { ProxyVersion } from '../link/socket/proxy-header.ts';
import type { TlsVersion } from '../link/socket/tls.ts';
import type { Threshold } from '../metrics/judge/threshold.ts';
import type { Spread } from '../plan/spread.ts';
import type { CapacityWords } from './capacity/capacity-words.ts';
import type { ScenarioEvent } from './event.ts';

/** A scenario file after checking: defaults filled in, units converted, frozen. */
export interface Scenario {
  readonly version: 1;
  readonly name: string;
  /** All random choices of a run follow from it. */
  readonly seed: number;
  /** Duration from the first planned arrival; then sessions end with DISCONNECT. */
  readonly durationUs: number;
  readonly target: Target;
  readonly workers: number | 'auto';
  /** The MQTT client to use. */
  readonly client: MqttClientName;
  /** IP addresses that connections start from, or that PROXY headers name; `auto`: chosen by the tool on loopback targets, by the system on others. */
  readonly sources: readonly string[] | 'auto';
  readonly fleets: readonly Fleet[];
  readonly thresholds: readonly Threshold[];
  /** In the order of the file. */
  readonly events: readonly ScenarioEvent[];
  /** Share of the online sessions whose loss within a second, or slowly within ten, is an unplanned disturbance. */
  readonly noticeShare: number;
  /** What `fleetstorm capacity` is to search for; a run does not heed it. Undefined: nothing in particular. */
  readonly capacity?: CapacityWords | undefined;
}

/** The service under load. */
export type Target = EmulatorTarget | MqttTarget;

/** How devices use a service, real or emulated. */
export interface ServiceUse {
  readonly tls: TlsFiles;
  readonly authConnections: AuthConnections;
  /** Whether devices connect to the endpoint named in the reply to their HTTPS login. */
  readonly followsResources: boolean;
}

/** TLS as configured in the scenario; files by absolute path. */
export interface TlsFiles {
  readonly caPath?: string | undefined;
  readonly verify: boolean;
  readonly serverName?: string | undefined;
  readonly minVersion: TlsVersion;
  readonly sessionResumption: boolean;
  readonly clientCertPath?: string | undefined;
  readonly clientKeyPath?: string | undefined;
  /** Certificate and key in one file, instead of the two above. */
  readonly clientPfxPath?: string | undefined;
  /** Template of the passphrase of encrypted keys; its only placeholders are `${env:NAME}`. Never printed. */
  readonly clientKeyPassphrase?: string | undefined;
  /** Protocols offered to the MQTT service [RFC 7301]. */
  readonly alpn?: readonly string[] | undefined;
}

/** The embedded emulator, started for the run. */
export interface EmulatorTarget extends ServiceUse {
  readonly kind: 'emulator';
  /** Undefined: loopback, which only this machine reaches. */
  readonly listen?: EmulatorListen | undefined;
  /** Undefined: TLS for fleets that log in with a token, TCP for the others. */
  readonly transport?: Transport | undefined;
  readonly tokens: EmulatorTokens;
  readonly limits: StandingLimits;
  /** The named profile, overridden by the scenario's own settings. */
  readonly profile: Profile;
}

/** Where the emulator is reached from other machines. */
export interface EmulatorListen {
  /** IP address of this machine; `0.0.0.0` and `::` are all its addresses. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Name or address that devices connect to, if it is not the one listened on. */
  readonly reachableAs?: string | undefined;
}

/** Settings of the emulator's HTTPS login. */
export type EmulatorTokens = Pick<AuthConfig, 'tokenTtlSec' | 'errorStatus' | 'survivesExpiry'>;

/** A real MQTT service. */
export interface MqttTarget extends ServiceUse {
  readonly kind: 'mqtt';
  readonly transport: Transport;
  /** Where devices log in over HTTPS. */
  readonly auth?: AuthAddress | undefined;
  /** At least one, in the order of the file, each once. Hosts may hold `${productKey}`, replaced fleet by fleet. */
  readonly addresses: readonly Endpoint[];
  /** How devices are spread over them; without meaning for a single one. */
  readonly spread: Spread;
  /** Header sent first on MQTT connections; undefined for none. */
  readonly proxyProtocol?: ProxyVersion | undefined;
}
