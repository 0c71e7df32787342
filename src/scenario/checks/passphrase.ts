import { variableOf } from '../../device/template.ts';
import { type Environment, unsetVariables } from '../environment.ts';
import { REMOVED } from './removed-secrets.ts';

/** A passphrase with its `${env:NAME}` placeholders filled in; undefined when one of the variables is not set. */
export function passphraseOf(template: string, environment: Environment): string | undefined {
  if (unsetVariables(template, environment).length > 0) return undefined;
  // A function, as a text would expand `$&` and the like in the value.
  return template.replace(/\$\{env:(\w+)\}/g, (_placeholder, name: string) => variableOf(environment, name) ?? '');
}

/** What decrypts encrypted keys. */
export interface Opener {
  /** False when its variable is unknown, or it was removed when results were written: encrypted keys cannot be checked then. */
  readonly isKnown: boolean;
  readonly passphrase?: string | undefined;
}

/** The opener for a passphrase template; undefined: there is no passphrase, and no key may be encrypted. */
export function openerOf(template: string | undefined, environment: Environment | undefined): Opener {
  if (template === undefined) return { isKnown: true };
  if (template.includes(REMOVED)) return { isKnown: false };
  const passphrase = passphraseOf(template, environment ?? {});
  return { isKnown: passphrase !== undefined, passphrase };
}
