import type { Fleet } from '../../device/fleet.ts';
import { isBase64 } from '../../device/list/row-certificate.ts';
import { readRegularFile } from '../../files/regular-file.ts';
import { causeOf } from '../../files/system-error.ts';
import {
  type CertificateFault,
  type CertificatePart,
  type ClientCertificate,
  certificateFault,
  certificateTextFault,
} from '../../link/socket/client-certificate.ts';
import { type Environment, unsetRefusal, unsetVariables } from '../environment.ts';
import { listenFaults } from '../listen/listen-checks.ts';
import type { Target, TlsFiles } from '../scenario.ts';
import type { Fault } from '../text/fault.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';
import { openerOf } from './passphrase.ts';
import { removedRefusal } from './removed-secrets.ts';

/**
 * Faults in how the target's keys fit together, and with the fleets. Reads the certificates it names, and decrypts their keys where the
 * passphrase can be known.
 */
export async function targetFaults(
  root: RawNode,
  target: Target,
  fleets: readonly Fleet[],
  environment: Environment | undefined,
): Promise<Fault[]> {
  return [
    ...listenFaults(root, target),
    ...missingAuth(root, target, fleets),
    ...halfCertificate(root, target.tls),
    ...doubleCertificate(root, target.tls),
    ...removedPassphrase(root, target.tls.clientKeyPassphrase),
    ...unsetPassphrase(root, target.tls.clientKeyPassphrase, environment),
    ...(await fileFaults(root, target.tls, environment)),
  ];
}

function missingAuth(root: RawNode, target: Target, fleets: readonly Fleet[]): Fault[] {
  const fleet = fleets.find(({ auth }) => auth.mode === 'https-token');
  if (fleet === undefined || target.kind === 'emulator' || target.auth !== undefined) return [];
  const message = `missing: fleet ${fleet.name} logs in over HTTPS`;
  const expected = 'the address of the auth service, such as https://HOST/auth/devicename';
  return [faultAt(root, ['target', 'auth'], { message, expected })];
}

/** A certificate is useless without its key. */
function halfCertificate(root: RawNode, { clientCertPath, clientKeyPath }: TlsFiles): Fault[] {
  if ((clientCertPath === undefined) === (clientKeyPath === undefined)) return [];
  const missing = clientCertPath === undefined ? 'clientCert' : 'clientKey';
  const expected = 'clientCert and clientKey, both or neither';
  return [faultAt(root, ['target', 'tls', missing], { message: 'missing', expected })];
}

/** PKCS#12 holds both; two certificates would be one too many. */
function doubleCertificate(root: RawNode, { clientCertPath, clientKeyPath, clientPfxPath }: TlsFiles): Fault[] {
  if (clientPfxPath === undefined || (clientCertPath === undefined && clientKeyPath === undefined)) return [];
  const message = 'given together with clientCert or clientKey';
  return [faultAt(root, [...TLS, 'clientPfx'], { message, expected: 'either clientPfx, or clientCert and clientKey' })];
}

function removedPassphrase(root: RawNode, template: string | undefined): Fault[] {
  const refusal = removedRefusal(template, 'the passphrase');
  return refusal === undefined ? [] : [faultAt(root, [...TLS, 'clientKeyPassphrase'], refusal)];
}

function unsetPassphrase(root: RawNode, template: string | undefined, environment: Environment | undefined): Fault[] {
  if (template === undefined || environment === undefined) return [];
  return unsetVariables(template, environment).map((name) =>
    faultAt(root, [...TLS, 'clientKeyPassphrase'], unsetRefusal(name)),
  );
}

/** Reads and parses files as a run does. Faults repeat nothing of their content: it may be a key. */
async function fileFaults(root: RawNode, files: TlsFiles, environment: Environment | undefined): Promise<Fault[]> {
  const { caPath, clientCertPath, clientKeyPath, clientPfxPath } = files;
  const reader = new FileReader(root);
  const ca = await reader.text('ca', caPath, 'a file with certificates in PEM');
  const cert = await reader.text('clientCert', clientCertPath, 'a file with a certificate in PEM');
  const key = await reader.text('clientKey', clientKeyPath, 'a file with a private key in PEM');
  const pfx = await reader.bytes('clientPfx', clientPfxPath, 'a PKCS#12 file');
  const caFault = ca === undefined ? undefined : certificateTextFault(ca);
  if (caFault !== undefined) reader.add('ca', caPath, caFault);
  const opener = openerOf(files.clientKeyPassphrase, environment);
  const client = clientOf(cert, key, pfx);
  if (client !== undefined && opener.isKnown) {
    const fault = certificateFault(client, opener.passphrase);
    if (fault !== undefined) reader.add(KEY_OF_PART[fault.part], pathOfPart(fault.part, files), fault);
  }
  return reader.faults;
}

function clientOf(
  cert: string | undefined,
  key: string | undefined,
  pfx: Buffer | undefined,
): ClientCertificate | undefined {
  if (pfx !== undefined) return { pfx };
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

const TLS = ['target', 'tls'] as const;

/** The key of the scenario that holds a part of a client certificate. */
const KEY_OF_PART = { certificate: 'clientCert', key: 'clientKey', pkcs12: 'clientPfx' } as const;

function pathOfPart(part: CertificatePart, files: TlsFiles): string | undefined {
  return files[`${KEY_OF_PART[part]}Path`];
}

/** Reads the files that `target.tls` names, and collects their faults. */
class FileReader {
  readonly faults: Fault[] = [];
  readonly #root: RawNode;

  constructor(root: RawNode) {
    this.#root = root;
  }

  async text(key: string, path: string | undefined, expected: string): Promise<string | undefined> {
    return (await this.bytes(key, path, expected))?.toString('utf8');
  }

  async bytes(key: string, path: string | undefined, expected: string): Promise<Buffer | undefined> {
    if (path === undefined) return undefined;
    try {
      return await readRegularFile(path);
    } catch (error) {
      const message = `${this.#shownPath(key, path)}: ${causeOf(error)}`;
      this.faults.push(faultAt(this.#root, [...TLS, key], { message, expected }));
      return undefined;
    }
  }

  /** The key itself may have been put where its path belongs. */
  #shownPath(key: string, path: string): string {
    const node = nodeAt(this.#root, [...TLS, key]);
    const written = node?.kind === 'scalar' ? String(node.value) : '';
    return isBase64(written) ? 'base64 instead of a path (not shown, as it may be a key)' : path;
  }

  add(key: string, path: string | undefined, { message, expected, hint }: CertificateFault): void {
    this.faults.push(faultAt(this.#root, [...TLS, key], { message: `${path} ${message}`, expected, hint }));
  }
}
