import { MAX_TEXT_BYTES } from '../mqtt/sendable.ts';
import type { Endpoint, IssuedToken } from '../port.ts';

/** What the auth service answered. */
export type AuthReply =
  | { readonly kind: 'issued'; readonly token: IssuedToken }
  /** A code other than 200 in the body, whatever the HTTP status. */
  | { readonly kind: 'code'; readonly code: number }
  /** A status other than 200 without a code in the body. */
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect'; readonly status: number }
  /** `detail` never repeats the reply, which may contain a token. */
  | { readonly kind: 'malformed'; readonly detail: string };

/** Reads a whole reply of `POST /auth/devicename` (docs/protocol.md section 3). The code in the body takes precedence over the HTTP status. */
export function readAuthReply(status: number, body: string): AuthReply {
  if (status >= 300 && status < 400) return { kind: 'redirect', status };
  const fields = parseObject(body);
  const code = fields?.['code'];
  const isCode = typeof code === 'number' && Number.isInteger(code) && code >= 0;
  if (isCode && code !== 200) return { kind: 'code', code };
  if (status !== 200) return { kind: 'status', status };
  if (fields === undefined) return malformed(body === '' ? 'the reply is empty' : 'the reply is not a JSON object');
  if (!isCode) return malformed('the reply has no code');
  return readData(fields['data']);
}

function readData(data: unknown): AuthReply {
  if (!isRecord(data)) return malformed('the reply has no data');
  const { iotId, iotToken, resources } = data;
  if (!isMqttString(iotId)) return malformed('the reply has no usable data.iotId');
  if (!isMqttString(iotToken)) return malformed('the reply has no usable data.iotToken');
  const mqtt = isRecord(resources) ? resources['mqtt'] : undefined;
  if (mqtt === undefined) return { kind: 'issued', token: { iotId, iotToken } };
  const endpoint = readEndpoint(mqtt);
  if (endpoint === undefined) return malformed('data.resources.mqtt is not a host and port');
  return { kind: 'issued', token: { iotId, iotToken, endpoint } };
}

function readEndpoint(mqtt: unknown): Endpoint | undefined {
  if (!isRecord(mqtt)) return undefined;
  const { host, port } = mqtt;
  const isPort = typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535;
  const isHost = typeof host === 'string' && /^[A-Za-z0-9._:-]{1,253}$/.test(host);
  return isPort && isHost ? { host, port } : undefined;
}

/** An MQTT string must not contain U+0000 [clause 1.5.3-2]. */
function isMqttString(value: unknown): value is string {
  return (
    typeof value === 'string' && value !== '' && !value.includes('\0') && Buffer.byteLength(value) <= MAX_TEXT_BYTES
  );
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(detail: string): AuthReply {
  return { kind: 'malformed', detail };
}
