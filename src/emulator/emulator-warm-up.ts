import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import { directConnectFields } from '../device/auth/signing.ts';
import { derivedSecret, generatedDeviceName } from '../device/identity.ts';
import type { EmulatorConfig } from './contract/config.ts';
import { PROFILES } from './contract/profiles.ts';
import { type Emulator, startEmulator } from './emulator-server.ts';
import type { LoginLog } from './log/login-log.ts';

/**
 * Measured on two cores: at 1,000 logins per second, 300 to 500 warm-up logins (0.3 s) cut the p99 of the first second from 40 ms to 12 ms;
 * twice as many gain little more. TLS handshakes are not JavaScript, so warming them up gained nothing.
 */
const LOGINS = 400;
const AT_ONCE = 20;

const HOST = '127.0.0.1';
const DEVICES = { kind: 'generated', productKey: 'warm-up', fleet: 'w', count: LOGINS, seed: 0 } as const;

/**
 * Lets a hidden second emulator take logins, so that the first ones at the real one do not measure the compilation of JavaScript. Once per
 * process is enough.
 */
export async function warmUp(): Promise<void> {
  const emulator = await startEmulator({ host: HOST, port: 0, profile: PROFILES['2017'], registry: [DEVICES] });
  let next = 0;
  const logInByTurns = async (): Promise<void> => {
    while (next < LOGINS) await logIn(connect({ host: HOST, port: emulator.port, noDelay: true }), connectOf(next++));
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, logInByTurns));
  } finally {
    await emulator.close();
  }
}

/** Starts an emulator while this thread warms the process up and others search for RSA keys. Throws EmulatorError, as `startEmulator` does. */
export async function startWarm(config: EmulatorConfig, log?: LoginLog): Promise<Emulator> {
  const [started, warmed] = await Promise.allSettled([startEmulator(config, log), warmUp()]);
  if (started.status === 'rejected') throw started.reason;
  if (warmed.status === 'fulfilled') return started.value;
  await started.value.close();
  throw warmed.reason;
}

/** Waits for the CONNACK, then leaves as a device does. Fails with the socket, which ends the start: the real emulator could not serve either. */
async function logIn(socket: Socket, packet: Buffer): Promise<void> {
  socket.write(packet);
  await once(socket, 'data');
  socket.end(generate({ cmd: 'disconnect' }));
  await once(socket.resume(), 'close');
}

function connectOf(index: number): Buffer {
  const { productKey, fleet, seed } = DEVICES;
  const deviceName = generatedDeviceName(fleet, index);
  const { clientId, username, password } = directConnectFields({
    productKey,
    deviceName,
    deviceSecret: derivedSecret(seed, productKey, deviceName),
    clientId: deviceName,
    signmethod: 'hmacsha1',
    securemode: 3,
  });
  const common = { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 60 } as const;
  return generate({ ...common, clientId, username, password: Buffer.from(password) });
}
