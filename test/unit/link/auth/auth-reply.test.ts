import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAuthReply } from '../../../../src/link/auth/auth-reply.ts';

const DATA = { iotId: 'id', iotToken: 'token' };

function read(value: unknown, status = 200): ReturnType<typeof readAuthReply> {
  return readAuthReply(status, JSON.stringify(value));
}

describe('readAuthReply', () => {
  test("takes the document's example", () => {
    const data = { ...DATA, resources: { mqtt: { host: 'xxx.iot-as-mqtt.cn-shanghai.aliyuncs.com', port: 1883 } } };
    expect(read({ code: 200, data, message: 'success' })).toEqual({
      kind: 'issued',
      token: { ...DATA, endpoint: { host: 'xxx.iot-as-mqtt.cn-shanghai.aliyuncs.com', port: 1883 } },
    });
  });

  test('takes a token without resources, and ignores what it does not know', () => {
    expect(read({ code: 200, data: { ...DATA, more: 1, resources: { http2: {} } } })).toEqual({
      kind: 'issued',
      token: DATA,
    });
  });

  test.each([200, 400, 401, 500, 503])('takes the code of the body, whatever the HTTP status %i', (status) => {
    expect(read({ code: 5001 }, status)).toEqual({ kind: 'code', code: 5001 });
  });

  test.each([201, 204, 404, 503])('tells the HTTP status %i when there is no code of an error', (status) => {
    expect(readAuthReply(status, '')).toEqual({ kind: 'status', status });
    expect(read({ code: 200, data: DATA }, status)).toEqual({ kind: 'status', status });
  });

  test.each([300, 301, 302, 303, 307, 308])('follows no redirect: %i', (status) => {
    expect(read({ code: 200, data: DATA }, status)).toEqual({ kind: 'redirect', status });
  });

  test.each<[string, unknown]>([
    ['a NUL in iotId', { ...DATA, iotId: 'a\0b' }],
    ['an empty iotToken', { ...DATA, iotToken: '' }],
    ['a token longer than MQTT takes', { ...DATA, iotToken: 'x'.repeat(65_536) }],
    ['a port that is text', { ...DATA, resources: { mqtt: { host: 'h', port: '1883' } } }],
    ['a port of 0', { ...DATA, resources: { mqtt: { host: 'h', port: 0 } } }],
    ['a host with a path', { ...DATA, resources: { mqtt: { host: 'h/x', port: 1883 } } }],
    ['a host without a port', { ...DATA, resources: { mqtt: { host: 'h' } } }],
    ['mqtt that is null', { ...DATA, resources: { mqtt: null } }],
    ['data that is a list', [DATA]],
  ])('malformed: %s', (_name, data) => {
    expect(read({ code: 200, data })).toMatchObject({ kind: 'malformed' });
  });

  test('has one answer to any text, and never repeats it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.integer({ min: 200, max: 599 }), (body, status) => {
        const reply = readAuthReply(status, `${body}#secret#`);
        expect(JSON.stringify(reply)).not.toContain('#secret#');
        const issued = readAuthReply(status, body);
        if (issued.kind === 'issued') expect(status).toBe(200);
      }),
    );
  });
});
