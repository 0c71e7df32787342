/** Codes of the auth service, with their messages (docs/protocol.md section 3). */
export const AUTH_MESSAGES: Readonly<Record<number, string>> = {
  200: 'success',
  401: 'request auth error',
  429: 'too many requests',
  460: 'param error',
  500: 'unknown error',
  5001: 'meta device not found',
  6200: 'auth type mismatch',
};
