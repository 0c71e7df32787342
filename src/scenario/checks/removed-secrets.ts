import type { AuthSpec } from '../../device/auth/auth.ts';
import type { FaultText } from '../text/fault.ts';

/** Stands in place of a secret in written files. */
export const REMOVED = '(removed)';

/** What is wrong with a secret that only marks a removed one; undefined for a real one. `what`: `the password`. */
export function removedRefusal(secret: string | undefined, what: string): FaultText | undefined {
  if (secret?.includes(REMOVED) !== true) return undefined;
  return {
    message: 'it was removed when the results were written',
    expected: `${what} again, preferably as \${env:NAME}`,
  };
}

/** A secret without its own text: only `${...}` placeholders are kept. */
export function withoutLiterals(template: string): string {
  return template
    .split(/(\$\{[^}]*\})/)
    .map((part, position) => (position % 2 === 1 || part === '' ? part : REMOVED))
    .join('');
}

/** True for a secret that is written out, at least in part. */
export function hasLiterals(template: string): boolean {
  return withoutLiterals(template) !== template;
}

/** The template that a fleet's logins keep secret: the password, or else the user name, which some services use as a token. */
export function secretTemplate(
  auth: AuthSpec,
): { readonly field: 'password' | 'username'; readonly text: string } | undefined {
  if (auth.mode !== 'password') return undefined;
  if (auth.password !== undefined) return { field: 'password', text: auth.password };
  return auth.username === undefined ? undefined : { field: 'username', text: auth.username };
}
