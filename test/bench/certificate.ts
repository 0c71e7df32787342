import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files of a server's key (EC P-256, as the emulator has it) and of the certificate of `localhost` that clients trust. */
export interface ServerCertificate {
  readonly certPath: string;
  readonly keyPath: string;
}

/** Makes them in a folder, by the openssl command. */
export function makeCertificate(folder: string): ServerCertificate {
  const [certPath, keyPath] = [join(folder, 'localhost.pem'), join(folder, 'localhost.key')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyPath];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...name, '-out', certPath], { stdio: 'pipe' });
  return { certPath, keyPath };
}
