import { X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import type { KeyedCertificate } from './certificates.ts';
import type { TlsConfig } from './config.ts';
import { EmulatorFault } from './fault.ts';

/** Names that a certificate always has: those by which clients on this machine call it. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];

/** A certificate that is about to expire is made anew at the start, so that none expires in a long run. */
const LEAST_DAYS_LEFT = 30;
const DAY_MS = 86_400_000;

/** What TLS needs: the server's certificate and key, and the CA for its clients. All PEM. */
export interface ServerCertificates {
  readonly server: KeyedCertificate;
  readonly ca: string;
  /** The file that holds the CA, when there is a folder. */
  readonly caFile?: string;
}

/** The certificates for a service at this host: those of the folder as far as they serve, else new ones. Throws EmulatorFault `state-folder`. */
export async function openCertificates(host: string, { names, stateDir }: TlsConfig): Promise<ServerCertificates> {
  const wanted = [...new Set([...LOCAL_NAMES, host, ...(names ?? [])])];
  if (stateDir === undefined) {
    const { makeCa, makeServerCertificate } = await certificateMaker();
    const ca = await makeCa();
    return { server: await makeServerCertificate(ca, wanted), ca: ca.certificate };
  }
  try {
    return await keptCertificates(stateDir, wanted);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${stateDir}: the certificates cannot be kept there: ${reason}; choose another folder, or empty this one`;
    throw new EmulatorFault('state-folder', message, { cause: error });
  }
}

async function keptCertificates(dir: string, names: readonly string[]): Promise<ServerCertificates> {
  await makeFolder(dir, 0o700);
  let ca = await readKept(dir, 'ca');
  let server = await readKept(dir, 'server');
  if (ca === undefined || !isFresh(ca)) {
    const { makeCa } = await certificateMaker();
    ca = await makeCa();
    await keep(dir, 'ca', ca);
  }
  if (server === undefined || !serves(server, ca, names)) {
    const { makeServerCertificate } = await certificateMaker();
    server = await makeServerCertificate(ca, names);
    await keep(dir, 'server', server);
  }
  return { server, ca: ca.certificate, caFile: join(dir, 'ca.pem') };
}

/** The library takes a tenth of a second to load, which a service without TLS, or with kept certificates, need not spend. */
async function certificateMaker(): Promise<typeof import('./certificates.ts')> {
  return await import('./certificates.ts');
}

function serves(server: KeyedCertificate, ca: KeyedCertificate, names: readonly string[]): boolean {
  const certificate = new X509Certificate(server.certificate);
  const isIssued = certificate.checkIssued(new X509Certificate(ca.certificate));
  const hasName = (name: string): boolean =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return isIssued && isFresh(server) && names.every(hasName);
}

function isFresh({ certificate }: KeyedCertificate): boolean {
  return Date.parse(new X509Certificate(certificate).validTo) - Date.now() > LEAST_DAYS_LEFT * DAY_MS;
}

type Kept = 'ca' | 'server';

/** Undefined unless both files of the pair are there. */
async function readKept(dir: string, kept: Kept): Promise<KeyedCertificate | undefined> {
  const [certificate, key] = await Promise.all([readIfThere(dir, `${kept}.pem`), readIfThere(dir, `${kept}-key.pem`)]);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

async function readIfThere(dir: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(dir, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function keep(dir: string, kept: Kept, { certificate, key }: KeyedCertificate): Promise<void> {
  await replaceFile(join(dir, `${kept}-key.pem`), key, 0o600);
  await replaceFile(join(dir, `${kept}.pem`), certificate, 0o644);
}

/** Whoever reads meanwhile, and a crash, see the old file or the new one. */
async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}
