import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedSecret } from '../../src/device/identity.ts';
import { type RunningCli, runCli, startCli } from '../e2e/cli.ts';

const DEVICE = { productKey: 'a1Meters', deviceName: 'meters-000042' };
const FIELDS = ['--product-key', DEVICE.productKey, '--device-name', DEVICE.deviceName, '--client-id', 'mac-0042'];

let emulator: RunningCli;
let port = 0;
beforeAll(async () => {
  emulator = startCli(['emulator', '--port', '0']);
  await emulator.waitFor(/mosquitto_pub[^\n]* -p \d+/);
  port = Number(/ -p (\d+)/.exec(emulator.output())?.[1]);
});
afterAll(async () => {
  emulator.child.kill('SIGTERM');
  await emulator.ended;
});

/** Publishes with Debian's mosquitto_pub; gives its exit code: 0, or the CONNACK code that refused it. */
function publish(clientId: string, username: string, password: string): Promise<number | null> {
  const login = [
    '-h',
    '127.0.0.1',
    '-p',
    String(port),
    '-V',
    'mqttv311',
    '-i',
    clientId,
    '-u',
    username,
    '-P',
    password,
  ];
  const child = spawn('/usr/bin/mosquitto_pub', [...login, '-t', `/${DEVICE.deviceName}/up`, '-m', 'hello', '-q', '1']);
  return new Promise((resolve) => child.once('close', resolve));
}

describe('fleetstorm sign', () => {
  it.each(['hmacmd5', 'hmacsha1', 'hmacsha256'])(
    'prints %s fields that mosquitto_pub logs in to the emulator with',
    async (method) => {
      const secret = derivedSecret(42, DEVICE.productKey, DEVICE.deviceName);
      const args = ['sign', ...FIELDS, '--signmethod', method, '--timestamp', '789', '--json'];
      const { code, stdout } = await runCli(args, { FLEETSTORM_DEVICE_SECRET: secret });
      expect(code).toBe(0);
      const { clientId, username, password } = JSON.parse(stdout) as Record<string, string>;
      expect(await publish(clientId ?? '', username ?? '', password ?? '')).toBe(0);
      expect(await publish(clientId ?? '', username ?? '', `${password?.slice(0, -1)}x`)).toBe(4);
    },
  );
});
