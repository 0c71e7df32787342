import { describe, expect, test } from 'vitest';
import type { HttpsTokenAuth } from '../../../../src/device/auth/auth.ts';
import { sign } from '../../../../src/device/auth/signing.ts';
import { tokenRequest } from '../../../../src/device/auth/token-request.ts';

const AUTH: HttpsTokenAuth = {
  mode: 'https-token',
  signmethod: 'hmacmd5',
  timestamp: '123',
  resources: ['mqtt'],
  version: 'default',
  login: 'on-refusal',
};
const DEVICE = { productKey: '123', deviceName: 'test', deviceSecret: 'secret' };

function fields(auth: Partial<HttpsTokenAuth>, device = DEVICE): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(tokenRequest({ ...AUTH, ...auth }, device, 456)));
}

describe('tokenRequest', () => {
  test('signs all parameters but version, sign, resources and signmethod', () => {
    expect(fields({})).toEqual({
      productKey: '123',
      deviceName: 'test',
      clientId: 'test',
      sign: sign('hmacmd5', 'secret', 'clientIdtestdeviceNametestproductKey123timestamp123'),
      signmethod: 'hmacmd5',
      timestamp: '123',
      resources: 'mqtt',
      version: 'default',
    });
  });

  test('signs the time of the attempt', () => {
    const signature = sign('hmacsha1', 'secret', 'clientIdtestdeviceNametestproductKey123timestamp456');
    expect(fields({ timestamp: 'now', signmethod: 'hmacsha1' })).toMatchObject({ timestamp: '456', sign: signature });
  });

  test('leaves out what is not to be sent', () => {
    const sent = fields({ timestamp: 'none', resources: [], version: undefined });
    expect(Object.keys(sent).sort()).toEqual(['clientId', 'deviceName', 'productKey', 'sign', 'signmethod']);
    expect(sent['sign']).toBe(sign('hmacmd5', 'secret', 'clientIdtestdeviceNametestproductKey123'));
  });

  test('joins resources, and encodes what a form must', () => {
    const device = { ...DEVICE, deviceName: 'a b&c=ü' };
    expect(fields({ resources: ['mqtt', 'http2'] }, device)).toMatchObject({
      resources: 'mqtt,http2',
      deviceName: 'a b&c=ü',
      sign: sign('hmacmd5', 'secret', 'clientIda b&c=üdeviceNamea b&c=üproductKey123timestamp123'),
    });
  });

  test('never holds the secret', () => {
    expect(tokenRequest(AUTH, { ...DEVICE, deviceSecret: 'hush-hush' }, 0)).not.toContain('hush-hush');
  });
});
