/** What stands in the place of a secret. */
export const REMOVED = '(removed)';

/** Keeps `${...}` placeholders; all other text of a secret is replaced. */
export function withoutLiterals(template: string): string {
  return template
    .split(/(\$\{[^}]*\})/)
    .map((part, position) => (position % 2 === 1 || part === '' ? part : REMOVED))
    .join('');
}
