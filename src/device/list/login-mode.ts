/**
 * How the service lets a registered device log in: by a signed CONNECT, by a token from the HTTPS login, or either way. The HTTPS login of
 * a `direct` device is answered with 6200, "auth type mismatch" (docs/protocol.md section 3).
 */
export const LOGIN_MODES = ['direct', 'https-token', 'both'] as const;
export type LoginMode = (typeof LOGIN_MODES)[number];

export function isLoginMode(text: string): text is LoginMode {
  return (LOGIN_MODES as readonly string[]).includes(text);
}
