import { AUTH_MESSAGES } from '../contract/auth-messages.ts';
import type { AuthFailure } from '../contract/control.ts';
import type { Registry } from '../login/registry.ts';
import { nearCause } from './explain-connect.ts';
import { type LoginLine, shownDevice } from './login-log.ts';

/** The line of an HTTPS login that was answered so; `failure` undefined: with a token. */
export function authLine(parameters: URLSearchParams, failure: AuthFailure | undefined, registry: Registry): LoginLine {
  const productKey = parameters.get('productKey') ?? '';
  const deviceName = parameters.get('deviceName') ?? '';
  const device = productKey === '' || deviceName === '' ? undefined : { productKey, deviceName };
  const shown = device === undefined ? undefined : shownDevice(device);
  if (failure === undefined) return { way: 'auth', device: shown, outcome: 'token issued', cause: '' };
  if ('httpStatus' in failure) {
    return { way: 'auth', device: shown, outcome: `HTTP ${failure.httpStatus}`, cause: 'a scripted failure' };
  }
  const { code } = failure;
  const near = code === 5001 && device !== undefined ? nearCause(device, registry) : '';
  return { way: 'auth', device: shown, outcome: `code ${code}`, cause: `${causeOf(code, parameters)}${near}` };
}

const REQUIRED = ['productKey', 'deviceName', 'clientId', 'sign'] as const;

function causeOf(code: number, parameters: URLSearchParams): string {
  switch (code) {
    case 401:
      return `the signature by ${parameters.get('signmethod') ?? 'hmacmd5'} does not match`;
    case 429:
      return 'above the limit of logins';
    case 460:
      return parameterCause(parameters);
    case 5001:
      return 'there is no such device';
    case 6200:
      return 'it is registered for a signed CONNECT only';
    default:
      return `a scripted failure: ${AUTH_MESSAGES[code] ?? 'error'}`;
  }
}

function parameterCause(parameters: URLSearchParams): string {
  const missing = REQUIRED.filter((name) => !parameters.get(name));
  return missing.length > 0
    ? `no ${missing.join(', no ')}`
    : 'a parameter is too long, repeated, or an unknown sign method';
}
