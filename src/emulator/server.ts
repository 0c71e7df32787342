import { createServer } from 'node:net';
import { hrtime } from 'node:process';
import { runClock } from '../time/clock.ts';
import { AuthFaults } from './auth-faults.ts';
import { Broker } from './broker.ts';
import type { EmulatorAddresses, EmulatorConfig, EmulatorCounts } from './config.ts';
import { ConnectLimits } from './connect-limits.ts';
import type { EmulatorControl } from './control.ts';
import { Controls } from './controls.ts';
import { Counts } from './counts.ts';
import { Gate } from './gate.ts';
import { Listener } from './listener.ts';
import { LoginFaults } from './login-faults.ts';
import { openRegistry } from './registry.ts';
import { Restarts } from './restarts.ts';

const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;

/** A running emulator. */
export interface Emulator extends EmulatorAddresses {
  counts(): EmulatorCounts;
  /** Settles when the command is in force. Rejects with EmulatorFault `bad-control`. */
  control(command: EmulatorControl): Promise<void>;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Starts an emulator in this process. Throws EmulatorFault when a devices file or the address cannot be used. */
export async function startEmulator(config: EmulatorConfig): Promise<Emulator> {
  const clock = runClock(hrtime.bigint());
  const registry = await openRegistry(config.registry);
  const broker = await Broker.start(config.profile);
  const counts = new Counts();
  const loginFaults = new LoginFaults(clock, config.seed ?? 0);
  const authFaults = new AuthFaults(clock);
  const gate = new Gate({
    registry,
    profile: config.profile,
    limits: new ConnectLimits(config.limits ?? {}, clock),
    faults: loginFaults,
    counts,
    connectTimeoutMs: config.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    handOver: (connection, identity) => broker.handOver(connection, identity),
  });
  const server = createServer({ noDelay: true }, (socket) => {
    counts.countConnection();
    gate.take(socket, 'tcp');
  });
  const listener = new Listener(server, config.host, config.port);
  const restarts = new Restarts({ mqtt: [listener], auth: [] });
  const controls = new Controls({
    loginFaults,
    authFaults,
    restarts,
    dropAll: (how) => listener.endConnections(how),
    expireTokens: () => undefined,
    advanceClock: () => undefined,
  });
  try {
    await listener.open();
  } catch (error) {
    await broker.close();
    throw error;
  }
  return {
    host: config.host,
    port: listener.port,
    counts: () => counts.snapshot(),
    control: (command) => controls.apply(command),
    close: async () => {
      restarts.cancel();
      await listener.close('fin');
      await broker.close();
    },
  };
}
