import type { DeviceIdentity } from '../identity.ts';
import type { HttpsTokenAuth } from './auth.ts';
import { sign, signedContent } from './signing.ts';

/**
 * Body of the HTTPS login, `application/x-www-form-urlencoded`. All parameters except `version`, `sign`, `resources` and `signmethod` are
 * signed (docs/protocol.md section 3), which leaves those that a direct login signs. `nowMs` is the wall clock; the client id is the
 * device's name unless it has another.
 */
export function tokenRequest(
  auth: HttpsTokenAuth,
  identity: DeviceIdentity,
  nowMs: number,
  clientId = identity.deviceName,
): string {
  const { productKey, deviceName, deviceSecret } = identity;
  const timestamp = auth.timestamp === 'now' ? String(nowMs) : auth.timestamp === 'none' ? undefined : auth.timestamp;
  const content = signedContent(clientId, deviceName, productKey, timestamp);
  const form = new URLSearchParams({
    productKey,
    deviceName,
    clientId,
    sign: sign(auth.signmethod, deviceSecret, content),
    signmethod: auth.signmethod,
  });
  if (timestamp !== undefined) form.set('timestamp', timestamp);
  if (auth.resources.length > 0) form.set('resources', auth.resources.join(','));
  if (auth.version !== undefined) form.set('version', auth.version);
  return form.toString();
}
