/** `own`: a connection for each login, like real devices; `pooled`: a few persistent, shared connections. */
export const AUTH_CONNECTIONS = ['own', 'pooled'] as const;
export type AuthConnections = (typeof AUTH_CONNECTIONS)[number];
