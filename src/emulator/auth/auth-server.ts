import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type RequestListener,
  type ServerOptions,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { KeyedCertificate } from '../certificates/certificate-kinds.ts';
import { serverTls } from '../certificates/server-tls.ts';
import { handshakeLine } from '../log/handshake-line.ts';
import { AuthService, type AuthServiceOptions } from './auth-service.ts';

const MAX_HEADER_BYTES = 8 * 1024;
const MAX_HEADERS = 50;

/** How often connections are checked for ones that take too long. */
const CHECK_INTERVAL_MS = 1_000;

/** The server around the auth service. */
export interface AuthServerOptions extends AuthServiceOptions {
  /** Absent: plain HTTP. */
  readonly certificates: readonly KeyedCertificate[] | undefined;
  /** How long a client may take for its whole request, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly handshakeTimeoutMs: number;
}

/** A server that does not listen yet. Slow, oversized and malformed requests end only their own connection. */
export function authServer(options: AuthServerOptions): HttpServer {
  const { certificates, requestTimeoutMs, handshakeTimeoutMs, counts, log } = options;
  const service = new AuthService(options);
  const bounds: ServerOptions = {
    noDelay: true,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestTimeoutMs),
  };
  const take: RequestListener = (request, response) => service.take(request, response);
  if (certificates === undefined) return bounded(createHttpServer(bounds, take));
  const tls = { ...serverTls(certificates), handshakeTimeout: handshakeTimeoutMs };
  const server = createHttpsServer({ ...bounds, ...tls }, take);
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    counts.countTlsFailure();
    log?.(handshakeLine(error, 'the HTTPS login'));
    socket.destroy();
  });
  return bounded(server);
}

function bounded<S extends Pick<HttpServer, 'maxHeadersCount'>>(server: S): S {
  server.maxHeadersCount = MAX_HEADERS;
  return server;
}
