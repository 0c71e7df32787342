import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  directConnectFields,
  isSignMethod,
  SIGN_METHODS,
  sign,
  signedContent,
} from '../../../../src/device/auth/signing.ts';

const vectors = z
  .object({
    direct: z.array(
      z.object({
        deviceSecret: z.string(),
        clientId: z.string(),
        deviceName: z.string(),
        productKey: z.string(),
        timestamp: z.string().optional(),
        signmethod: z.enum(SIGN_METHODS),
        mqttClientId: z.string().optional(),
        username: z.string().optional(),
        password: z.string(),
      }),
    ),
    https: z.array(
      z.object({
        parameters: z.object({
          productKey: z.string(),
          timestamp: z.string(),
          clientId: z.string(),
          deviceName: z.string(),
        }),
        content: z.string(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../fixtures/vectors.json', import.meta.url), 'utf8')));

describe('direct login', () => {
  test('all vectors are here', () => {
    expect(vectors.direct).toHaveLength(7);
  });

  test.each(vectors.direct)('signs $signmethod with timestamp $timestamp', (vector) => {
    const fields = directConnectFields({ ...vector, securemode: 3 });
    expect(fields.password).toBe(vector.password.toLowerCase());
    if (vector.mqttClientId !== undefined) expect(fields.clientId).toBe(vector.mqttClientId);
    if (vector.username !== undefined) expect(fields.username).toBe(vector.username);
  });

  test('the example of the protocol document', () => {
    const content = signedContent('12345', 'device', 'pk', '789');
    expect(content).toBe('clientId12345deviceNamedeviceproductKeypktimestamp789');
    expect(sign('hmacsha1', 'secret', content).toUpperCase()).toBe('FAFD82A3D602B37FB0FA8B7892F24A477F851A14');
  });

  test('without a timestamp the client id says none and the content holds none', () => {
    const login = {
      deviceSecret: 's',
      clientId: 'c',
      deviceName: 'd',
      productKey: 'p',
      signmethod: 'hmacmd5',
    } as const;
    expect(directConnectFields({ ...login, securemode: 2 }).clientId).toBe('c|securemode=2,signmethod=hmacmd5|');
    expect(signedContent('c', 'd', 'p')).toBe('clientIdcdeviceNamedproductKeyp');
  });
});

describe('HTTPS login', () => {
  test.each(vectors.https)('signs the content $content', ({ parameters, content }) => {
    const { clientId, deviceName, productKey, timestamp } = parameters;
    expect(signedContent(clientId, deviceName, productKey, timestamp)).toBe(content);
  });
});

test('only the three known methods are sign methods', () => {
  expect(['hmacmd5', 'hmacsha1', 'hmacsha256', 'HMACMD5', 'md5', ''].filter(isSignMethod)).toEqual([...SIGN_METHODS]);
});
