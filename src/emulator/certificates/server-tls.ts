import { DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';
import type { KeyedCertificate } from './certificate-kinds.ts';

/** Who can verify ECDSA gets it, which costs this process a twentieth of RSA; the rest is Node's choice. */
const CIPHERS = `ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE+aECDSA:${DEFAULT_CIPHERS}`;

/** What every TLS port of the emulator speaks: TLS 1.2 and later, with the chain of certificates that the client can verify. */
export function serverTls(server: readonly KeyedCertificate[]): SecureContextOptions {
  return {
    cert: server.map(({ certificate }) => certificate),
    key: server.map(({ key }) => key),
    ciphers: CIPHERS,
    minVersion: 'TLSv1.2',
  };
}
