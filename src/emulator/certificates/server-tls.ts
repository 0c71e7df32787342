import { DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';
import type { KeyedCertificate } from './certificate-kinds.ts';

/** Clients that can verify ECDSA get it, at a twentieth of the cost of RSA; the rest is Node's choice. */
const CIPHERS = `ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE+aECDSA:${DEFAULT_CIPHERS}`;

/** Settings of every TLS port of the emulator: TLS 1.2 and later, with a certificate chain that the client can verify. */
export function serverTls(server: readonly KeyedCertificate[]): SecureContextOptions {
  return {
    cert: server.map(({ certificate }) => certificate),
    key: server.map(({ key }) => key),
    ciphers: CIPHERS,
    minVersion: 'TLSv1.2',
  };
}
