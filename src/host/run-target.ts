import type { EmulatorCounts } from '../emulator/contract/config.ts';
import type { EmulatorControl } from '../emulator/contract/control.ts';
import type { ServiceAccess } from '../fleet/protocol.ts';
import type { Endpoint } from '../link/port.ts';

/** Makes the emulator do something; settles with how many sessions or tokens it affected, if that is known at once. */
export type SendCommand = (command: EmulatorControl) => Promise<number | undefined>;

/** The service a run talks to, ready for logins. A target that is handed to several runs stays open between them. */
export interface RunTarget {
  /** Its addresses, at least one. */
  readonly endpoints: readonly Endpoint[];
  /** TLS and HTTPS login. Holds secrets, so it is never printed. */
  readonly access: ServiceAccess;
  /** For people: `emulator (profile 2017)`, `mqtt://host:1883`. */
  readonly description: string;
  /** How the embedded emulator died, once it has. */
  readonly died: string | undefined;
  /** Makes the emulator do something; rejects if there is none, or if it does not answer. */
  readonly control: SendCommand;
  /** What the service itself has counted since it started; undefined when it cannot tell. */
  counts(): Promise<EmulatorCounts | undefined>;
  /** `atOnce`: without waiting for the service to end what it is doing. */
  close(atOnce?: boolean): Promise<void>;
}
