import type { IncomingMessage, ServerResponse } from 'node:http';

/** As the source document prints it (docs/protocol.md section 3). */
const JSON_TYPE = 'application/json;charset=utf-8';

/**
 * Answers with a compact JSON body. Header names are sent exactly as written here: device SDKs of that time look for `Content-Length` and
 * `Content-Type` byte by byte, though names are case-insensitive (RFC 9110, 5.1).
 */
export function answerJson(response: ServerResponse, status: number, reply: object): void {
  const body = JSON.stringify(reply);
  response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

/** Answers with a status and no body. */
export function answerBare(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'Content-Length': 0 }).end();
}

/** Whether the request declares a body larger than this. */
export function isTooLarge({ headers }: IncomingMessage, maxBytes: number): boolean {
  return Number(headers['content-length'] ?? 0) > maxBytes;
}

/**
 * The body as text; undefined as soon as it is larger than this, and the rest is discarded, so that the answer arrives. Rejects when the
 * client goes away before the end.
 */
export function readText(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take).resume();
      resolve(undefined);
    };
    request.on('data', take);
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client went away')));
  });
}
