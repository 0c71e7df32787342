import type { FaultText } from '../text/fault.ts';

/** What stands in the place of a secret. */
export const REMOVED = '(removed)';

/** What is wrong with a secret that stands for one that was taken out; undefined when it is one. `what`: `the password`. */
export function removedRefusal(secret: string | undefined, what: string): FaultText | undefined {
  if (secret?.includes(REMOVED) !== true) return undefined;
  return {
    message: 'it was taken out when the results were written',
    expected: `${what} again, best as \${env:NAME}`,
  };
}

/** Keeps `${...}` placeholders; all other text of a secret is replaced. */
export function withoutLiterals(template: string): string {
  return template
    .split(/(\$\{[^}]*\})/)
    .map((part, position) => (position % 2 === 1 || part === '' ? part : REMOVED))
    .join('');
}
