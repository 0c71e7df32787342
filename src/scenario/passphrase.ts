import { environmentNameOf, placeholdersOf } from '../device/template.ts';
import type { Environment } from './checks.ts';

/** Environment variables that a passphrase names and that are not set. */
export function unsetVariables(template: string, environment: Environment): string[] {
  return variablesOf(template).filter((name) => environment[name] === undefined);
}

/** A passphrase with its `${env:NAME}` placeholders filled in; undefined when one of the variables is not set. */
export function passphraseOf(template: string, environment: Environment): string | undefined {
  if (unsetVariables(template, environment).length > 0) return undefined;
  // A function, as a value may hold what stands for something in a replacement text.
  return template.replace(/\$\{env:(\w+)\}/g, (_placeholder, name: string) => environment[name] ?? '');
}

function variablesOf(template: string): string[] {
  return placeholdersOf(template)
    .map(environmentNameOf)
    .filter((name) => name !== undefined);
}
