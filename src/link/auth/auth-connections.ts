/** `own`: a connection for each login, as real devices have it; `pooled`: a few that are kept and shared. */
export const AUTH_CONNECTIONS = ['own', 'pooled'] as const;
export type AuthConnections = (typeof AUTH_CONNECTIONS)[number];
