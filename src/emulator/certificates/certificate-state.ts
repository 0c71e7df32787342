import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import type { TlsConfig } from '../contract/config.ts';
import { EmulatorError } from '../contract/emulator-error.ts';
import { KEY_KINDS, type KeyedCertificate, type KeyKind } from './certificate-kinds.ts';

/** Names that a certificate always has: those that clients on this machine use. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];

/** A certificate about to expire is renewed at the start, so that none expires during a long run. */
const LEAST_DAYS_LEFT = 30;
const DAY_MS = 86_400_000;

/** The file for clients, which holds the CA of each kind. */
const CA_FILE = 'ca.pem';

/** Files of a chain in the folder, besides its CA's certificate. The EC names date from when there were no others. */
const CHAIN_FILES = {
  ec: { caKey: 'ca-key.pem', server: 'server.pem', serverKey: 'server-key.pem' },
  rsa: { caKey: 'ca-rsa-key.pem', server: 'server-rsa.pem', serverKey: 'server-rsa-key.pem' },
} as const satisfies Record<KeyKind, unknown>;

/** What TLS needs, all PEM. */
export interface ServerCertificates {
  /** The server's certificate and key of each kind; TLS picks one that the client can verify. */
  readonly server: readonly KeyedCertificate[];
  /** The CAs for its clients, one after another. */
  readonly ca: string;
  /** The file that holds the CAs, when there is a folder. */
  readonly caFile?: string;
}

/** A CA and what it signed. */
interface Chain {
  readonly ca: KeyedCertificate;
  readonly server: KeyedCertificate;
}

/** The certificates for a service at this host: those in the folder if usable, otherwise new ones. Throws EmulatorError `state-folder`. */
export async function openCertificates(host: string, tls: TlsConfig): Promise<ServerCertificates> {
  const { names = [], stateDir, keyKinds = KEY_KINDS } = tls;
  const wanted = [...new Set([...LOCAL_NAMES, host, ...names])];
  if (stateDir === undefined) return served(await Promise.all(keyKinds.map((kind) => newChain(kind, wanted))));
  try {
    return await keptCertificates(stateDir, keyKinds, wanted);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${stateDir}: the certificates cannot be kept there: ${reason}; choose another folder, or empty this one`;
    throw new EmulatorError('state-folder', message, { cause: error });
  }
}

function served(chains: readonly Chain[]): ServerCertificates {
  return { server: chains.map(({ server }) => server), ca: chains.map(({ ca }) => ca.certificate).join('') };
}

async function newChain(kind: KeyKind, names: readonly string[]): Promise<Chain> {
  const { makeCa, makeServerCertificate } = await certificateMaker();
  const ca = await makeCa(kind);
  return { ca, server: await makeServerCertificate(kind, ca, names) };
}

async function keptCertificates(
  dir: string,
  kinds: readonly KeyKind[],
  names: readonly string[],
): Promise<ServerCertificates> {
  await makeFolder(dir, 0o700);
  const cas = certificatesIn(await readIfThere(dir, CA_FILE));
  const chains = await Promise.all(kinds.map((kind) => keptChain(dir, kind, cas.get(kind), names)));
  const certificates = served(chains);
  // Last, and in one step: a reader of the file never finds a CA without its key.
  if (chains.some(({ ca }, index) => ca.certificate !== cas.get(kinds[index] ?? 'ec'))) {
    await replaceFile(join(dir, CA_FILE), certificates.ca, 0o644);
  }
  return { ...certificates, caFile: join(dir, CA_FILE) };
}

/** The chain in the folder, with unusable parts replaced. Writes its keys and the server's certificate. */
async function keptChain(
  dir: string,
  kind: KeyKind,
  caCertificate: string | undefined,
  names: readonly string[],
): Promise<Chain> {
  const files = CHAIN_FILES[kind];
  const ca = pairOf(caCertificate, await readIfThere(dir, files.caKey));
  const server = pairOf(await readIfThere(dir, files.server), await readIfThere(dir, files.serverKey));
  if (ca === undefined || !isFresh(ca)) {
    const chain = await newChain(kind, names);
    await replaceFile(join(dir, files.caKey), chain.ca.key, 0o600);
    return { ca: chain.ca, server: await kept(dir, files, chain.server) };
  }
  if (server !== undefined && serves(server, ca, names)) return { ca, server };
  const { makeServerCertificate } = await certificateMaker();
  return { ca, server: await kept(dir, files, await makeServerCertificate(kind, ca, names)) };
}

async function kept(
  dir: string,
  files: (typeof CHAIN_FILES)[KeyKind],
  server: KeyedCertificate,
): Promise<KeyedCertificate> {
  await replaceFile(join(dir, files.serverKey), server.key, 0o600);
  await replaceFile(join(dir, files.server), server.certificate, 0o644);
  return server;
}

/** The certificates of a file by the kind of their key. Throws for anything else. */
function certificatesIn(pem: string | undefined): Map<string | undefined, string> {
  if (pem === undefined) return new Map();
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?/gs) ?? [pem];
  return new Map(blocks.map((block) => [new X509Certificate(block).publicKey.asymmetricKeyType, block]));
}

/** The library takes a tenth of a second to load, which a service without TLS or with stored certificates can save. */
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

/** Undefined unless both exist and match: a crash may have come between the two files. */
function pairOf(certificate: string | undefined, key: string | undefined): KeyedCertificate | undefined {
  if (certificate === undefined || key === undefined) return undefined;
  const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  return isPair ? { certificate, key } : undefined;
}

async function readIfThere(dir: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(dir, file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A concurrent reader, or one after a crash, sees the old file or the new one. */
async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}
