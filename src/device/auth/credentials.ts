import type { DeviceIdentity } from '../identity.ts';
import { compileTemplate } from '../template.ts';
import type { AuthSpec } from './auth.ts';
import { directConnectFields, type SecureMode } from './signing.ts';

/** What a device writes into CONNECT. */
export interface Credentials {
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Makes the CONNECT fields of one device; `index` is its 0-based position in the fleet, `nowMs` the wall clock. */
export type CredentialMaker = (identity: DeviceIdentity, index: number, nowMs: number) => Credentials;

/**
 * How a fleet logs in, prepared for use in each attempt. `environment` fills `${env:NAME}` placeholders; `columns` names the further
 * columns that its devices hold.
 */
export function credentialMaker(
  auth: AuthSpec,
  securemode: SecureMode,
  environment: Readonly<Record<string, string>>,
  columns: readonly string[] = [],
): CredentialMaker {
  switch (auth.mode) {
    case 'direct': {
      const { signmethod, timestamp } = auth;
      // Field by field: a growing copy of `identity` would get a new hidden class each time, and reading it would be slow.
      return ({ productKey, deviceName, deviceSecret }, _index, nowMs) =>
        directConnectFields({
          productKey,
          deviceName,
          deviceSecret,
          clientId: deviceName,
          signmethod,
          timestamp: timestamp === 'now' ? String(nowMs) : timestamp === 'none' ? undefined : timestamp,
          securemode,
        });
    }
    // The device's own client id; user name and password come from the login.
    case 'https-token':
      return (identity) => ({ clientId: identity.deviceName });
    case 'password': {
      const compiled = (text: string) => compileTemplate(text, environment, columns);
      const clientId = compiled(auth.clientId);
      const username = auth.username === undefined ? undefined : compiled(auth.username);
      const password = auth.password === undefined ? undefined : compiled(auth.password);
      return (identity, index) => {
        const values = { ...identity, index: String(index + 1) };
        return { clientId: clientId(values), username: username?.(values), password: password?.(values) };
      };
    }
    default:
      return unreachable(auth);
  }
}

function unreachable(auth: never): never {
  throw new TypeError(`unknown auth mode ${JSON.stringify(auth)}`);
}
