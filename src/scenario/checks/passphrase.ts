import { environmentNameOf, placeholdersOf, variableOf } from '../../device/template.ts';
import type { Environment } from './checks.ts';
import { REMOVED } from './removed-secrets.ts';

/** Environment variables that a passphrase names and that are not set. */
export function unsetVariables(template: string, environment: Environment): string[] {
  return variablesOf(template).filter((name) => variableOf(environment, name) === undefined);
}

/** A passphrase with its `${env:NAME}` placeholders filled in; undefined when one of the variables is not set. */
export function passphraseOf(template: string, environment: Environment): string | undefined {
  if (unsetVariables(template, environment).length > 0) return undefined;
  // A function, as a value may hold what stands for something in a replacement text.
  return template.replace(/\$\{env:(\w+)\}/g, (_placeholder, name: string) => variableOf(environment, name) ?? '');
}

/** What opens keys that are encrypted. */
export interface Opener {
  /** False when its variable is not known, or it was taken out when results were written: nothing that it opens can be judged then. */
  readonly isKnown: boolean;
  readonly passphrase?: string | undefined;
}

/** The passphrase of a template; undefined: there is none, and nothing may be encrypted. */
export function openerOf(template: string | undefined, environment: Environment | undefined): Opener {
  if (template === undefined) return { isKnown: true };
  if (template.includes(REMOVED)) return { isKnown: false };
  const passphrase = passphraseOf(template, environment ?? {});
  return { isKnown: passphrase !== undefined, passphrase };
}

function variablesOf(template: string): string[] {
  return placeholdersOf(template)
    .map(environmentNameOf)
    .filter((name) => name !== undefined);
}
