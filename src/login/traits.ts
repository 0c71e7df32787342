import { type LoginTraits, SETTING_NAMES } from './causes/findings.ts';
import { bareClientId } from './mqtt/connect-fields.ts';
import type { LoginSubject } from './subject/login-subject.ts';

/** What the table of causes may know of a device. */
export function traitsOf(subject: LoginSubject): LoginTraits {
  const { auth, identity, endpoint, connection, tls, authAddress, fleet, transport } = subject;
  return {
    mode: auth.mode,
    transport,
    productKey: identity.productKey,
    deviceName: identity.deviceName,
    clientIdLength: [...bareClientId(subject)].length,
    host: endpoint.host,
    port: endpoint.port,
    authHost: authAddress?.host,
    keepaliveSec: connection.keepaliveSec,
    clean: connection.clean,
    hasUsername: auth.mode !== 'password' || auth.username !== undefined,
    hasPassword: auth.mode !== 'password' || auth.password !== undefined,
    hasCertificate: identity.certificate !== undefined || tls?.client !== undefined,
    hasCa: tls?.ca !== undefined,
    setting: (name) => SETTING_NAMES[name][fleet === undefined ? 1 : 0],
  };
}
