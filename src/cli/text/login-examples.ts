import { directConnectFields, type SecureMode, sign, signedContent } from '../../device/auth/signing.ts';
import { derivedSecret, generatedDeviceName } from '../../device/identity.ts';
import type { EmulatorAddresses, RegistrySource } from '../../emulator/contract/config.ts';

type Generated = Extract<RegistrySource, { kind: 'generated' }>;

/** The device of the examples, which share one client id. */
interface ExampleDevice {
  readonly productKey: string;
  readonly deviceName: string;
  readonly deviceSecret: string;
  readonly clientId: string;
}

const SIGN_METHOD = 'hmacsha1';

/** Shell commands that log the first generated device in, in every way that the emulator offers. */
export function loginExamples(generated: Generated, addresses: EmulatorAddresses): string[] {
  const { productKey, fleet, seed, mode } = generated;
  const deviceName = generatedDeviceName(fleet, 0);
  const deviceSecret = derivedSecret(seed, productKey, deviceName);
  const device = { productKey, deviceName, deviceSecret, clientId: 'my-first-device' };
  const { tls, auth } = addresses;
  const lines: string[] = [];
  if (mode !== 'https-token') {
    lines.push(`To log in as ${deviceName}:`, '', `  ${directExample(device, addresses, 3)}`);
    if (tls?.caFile !== undefined) lines.push('', 'The same over TLS:', '', `  ${directExample(device, addresses, 2)}`);
  }
  if (mode !== 'direct' && tls?.caFile !== undefined && auth !== undefined) {
    const title = `With a token of the HTTPS login, over TLS${lines.length === 0 ? `, as ${deviceName}` : ''}:`;
    lines.push(...(lines.length === 0 ? [] : ['']), title, '', ...tokenExample(device, addresses, auth.url));
  }
  return lines;
}

/** The bars in the client id need quotes. */
function directExample(device: ExampleDevice, { host, port, tls }: EmulatorAddresses, securemode: SecureMode): string {
  const { clientId, username, password } = directConnectFields({ ...device, signmethod: SIGN_METHOD, securemode });
  const cafile = securemode === 2 && tls?.caFile !== undefined ? ['--cafile', tls.caFile] : [];
  const words = ['mosquitto_pub', ...cafile, '-h', reachable(host), '-p', String(port), '-i', clientId];
  return words
    .concat('-u', username, '-P', password, ...message(device))
    .map(shellQuoted)
    .join(' ');
}

/** Parses the reply with `sed`, as no other tool is sure to be there. */
function tokenExample(device: ExampleDevice, { host, tls }: EmulatorAddresses, url: string): string[] {
  const { productKey, deviceName, deviceSecret, clientId } = device;
  const content = signedContent(clientId, deviceName, productKey);
  const form = { productKey, deviceName, clientId, signmethod: SIGN_METHOD, resources: 'mqtt' };
  const fields = Object.entries({ ...form, sign: sign(SIGN_METHOD, deviceSecret, content) });
  const data = fields.flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
  const cafile = tls?.caFile ?? '';
  const curl = ['curl', '-sS', '--cacert', cafile, ...data, url].map(shellQuoted).join(' ');
  const publish = ['mosquitto_pub', '--cafile', cafile, '-h', reachable(host), '-p', String(tls?.port), '-i', clientId];
  const token = `-u "$(${extracted('iotId')})" -P "$(${extracted('iotToken')})"`;
  const rest = message(device).map(shellQuoted).join(' ');
  return [`  reply=$(${curl}); echo "$reply"`, `  ${publish.map(shellQuoted).join(' ')} ${token} ${rest}`];
}

function extracted(key: string): string {
  return `echo "$reply" | sed 's/.*"${key}":"\\([^"]*\\)".*/\\1/'`;
}

function message({ productKey, deviceName }: ExampleDevice): string[] {
  return ['-q', '1', '-t', `/${productKey}/${deviceName}/update`, '-m', 'hello'];
}

/** An address a client on this machine can use for one that means "all". */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function shellQuoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
