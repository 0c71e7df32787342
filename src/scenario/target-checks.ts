import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { causeOf } from '../device/file-cause.ts';
import type { Fault, Path } from './fault.ts';
import { faultAt, type RawNode } from './raw.ts';
import type { Fleet, Target, TlsFiles } from './scenario.ts';

/** What the target's keys must be together, and with the fleets; reads the certificates it names. */
export async function targetFaults(root: RawNode, target: Target, fleets: readonly Fleet[]): Promise<Fault[]> {
  return [
    ...missingAuth(root, target, fleets),
    ...halfCertificate(root, target.tls),
    ...(await fileFaults(root, target.tls)),
  ];
}

function missingAuth(root: RawNode, target: Target, fleets: readonly Fleet[]): Fault[] {
  const fleet = fleets.find(({ auth }) => auth.mode === 'https-token');
  if (fleet === undefined || target.kind === 'emulator' || target.auth !== undefined) return [];
  const message = `missing: fleet ${fleet.name} logs in over HTTPS`;
  const expected = 'the address of the auth service, such as https://HOST/auth/devicename';
  return [faultAt(root, ['target', 'auth'], { message, expected })];
}

/** A certificate is of no use without its key. */
function halfCertificate(root: RawNode, { clientCertPath, clientKeyPath }: TlsFiles): Fault[] {
  if ((clientCertPath === undefined) === (clientKeyPath === undefined)) return [];
  const missing = clientCertPath === undefined ? 'clientCert' : 'clientKey';
  const expected = 'clientCert and clientKey, both or neither';
  return [faultAt(root, ['target', 'tls', missing], { message: 'missing', expected })];
}

async function fileFaults(root: RawNode, files: TlsFiles): Promise<Fault[]> {
  const checks = await Promise.all([
    fileFault(root, 'ca', files.caPath, isCertificate, 'a certificate in PEM'),
    fileFault(root, 'clientCert', files.clientCertPath, isCertificate, 'a certificate in PEM'),
    fileFault(root, 'clientKey', files.clientKeyPath, isPrivateKey, 'a private key in PEM, without a passphrase'),
  ]);
  return checks.flat();
}

/** Nothing of the file's content is repeated: it may be a key. */
async function fileFault(
  root: RawNode,
  key: string,
  path: string | undefined,
  isRight: (pem: string) => boolean,
  expected: string,
): Promise<Fault[]> {
  if (path === undefined) return [];
  const at: Path = ['target', 'tls', key];
  try {
    const pem = await readFile(path, 'utf8');
    return isRight(pem) ? [] : [faultAt(root, at, { message: `${path} holds something else`, expected })];
  } catch (error) {
    return [faultAt(root, at, { message: `${path}: ${causeOf(error)}`, expected: `a file with ${expected}` })];
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function isPrivateKey(pem: string): boolean {
  return /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(pem);
}
