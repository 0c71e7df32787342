import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type SignMethod, sign } from '../../src/device/auth/signing.ts';
import { derivedSecret, generatedDeviceName } from '../../src/device/identity.ts';
import { authSignedContent } from '../../src/emulator/auth/auth-login.ts';
import type { EmulatorAddresses } from '../../src/emulator/contract/config.ts';
import { FLEET, PRODUCT, SEED } from './emulator-client.ts';

/** The auth service's answer: HTTP status and the text of its body. */
export interface AuthAnswer {
  readonly status: number;
  readonly text: string;
}

export interface TokenPair {
  readonly iotId: string;
  readonly iotToken: string;
}

/** The right parameters of a device's login by its 0-based index; `change` is signed too, null leaves a parameter out. */
export function authForm(index: number, change: Readonly<Record<string, string | null>> = {}): URLSearchParams {
  const deviceName = generatedDeviceName(FLEET, index);
  const all = { productKey: PRODUCT, deviceName, clientId: `client-${index}`, signmethod: 'hmacsha1', ...change };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(all)) if (value !== null) form.set(name, value);
  const method = (form.get('signmethod') ?? 'hmacmd5') as SignMethod;
  if (!form.has('sign')) {
    form.set('sign', sign(method, derivedSecret(SEED, PRODUCT, form.get('deviceName') ?? ''), authSignedContent(form)));
  }
  return form;
}

/** Posts a body to the auth service; undefined when the connection ended without an answer. */
export async function post(
  emulator: Pick<EmulatorAddresses, 'auth' | 'tls'>,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'POST',
): Promise<AuthAnswer | undefined> {
  const url = emulator.auth?.url ?? '';
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const options = { method, agent: false, ca: emulator.tls?.ca, headers: { ...type, ...headers } };
  return await new Promise((resolve) => {
    const sent = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}

/** The code in the body, or the HTTP status of an answer that has none. */
export async function authCode(
  emulator: Pick<EmulatorAddresses, 'auth' | 'tls'>,
  form: URLSearchParams,
): Promise<number | undefined> {
  const answer = await post(emulator, form.toString());
  return answer === undefined || answer.text === '' ? answer?.status : JSON.parse(answer.text).code;
}

/** Logs a device in over HTTPS. */
export async function tokenOf(emulator: Pick<EmulatorAddresses, 'auth' | 'tls'>, index: number): Promise<TokenPair> {
  const answer = await post(emulator, authForm(index).toString());
  return JSON.parse(answer?.text ?? '{}').data;
}
