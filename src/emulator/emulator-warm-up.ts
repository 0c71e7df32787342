import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import { directConnectFields } from '../device/auth/signing.ts';
import { derivedSecret, generatedDeviceName } from '../device/identity.ts';
import type { EmulatorConfig } from './contract/config.ts';
import { PROFILES } from './contract/profiles.ts';
import { type Emulator, startEmulator } from './server.ts';

/**
 * Measured on two cores: with 1,000 logins a second the p99 of the first second falls from 40 ms to 12 ms by 300 to 500 logins, which
 * take 0.3 s; twice as many gain little more. Handshakes are not compiled JavaScript, so logins over TLS gained nothing by their own.
 */
const LOGINS = 400;
const AT_ONCE = 20;

const HOST = '127.0.0.1';
const DEVICES = { kind: 'generated', productKey: 'warm-up', fleet: 'w', count: LOGINS, seed: 0 } as const;

/**
 * Lets a second emulator that nobody else sees take logins, so that the first ones of the real one do not measure how JavaScript is
 * compiled. Once a process is enough.
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

/**
 * Starts an emulator in a process that is warmed up meanwhile, by this thread, while others look for RSA keys. Throws EmulatorFault, as
 * `startEmulator` does.
 */
export async function startWarm(config: EmulatorConfig): Promise<Emulator> {
  const [started, warmed] = await Promise.allSettled([startEmulator(config), warmUp()]);
  if (started.status === 'rejected') throw started.reason;
  if (warmed.status === 'fulfilled') return started.value;
  await started.value.close();
  throw warmed.reason;
}

/** Stays until the CONNACK, and leaves as a device does. Fails with the socket, which ends the start: the real one could not serve either. */
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
