import { environmentNameOf, placeholdersOf, variableOf } from '../device/template.ts';
import type { FaultText } from './text/fault.ts';

/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables that a template names. */
export function variablesOf(template: string): string[] {
  return placeholdersOf(template)
    .map(environmentNameOf)
    .filter((name) => name !== undefined);
}

/** Those of them that are not set. */
export function unsetVariables(template: string, environment: Environment): string[] {
  return variablesOf(template).filter((name) => variableOf(environment, name) === undefined);
}

/** What is wrong with a template whose variable is not set. */
export function unsetRefusal(name: string): FaultText {
  return {
    message: `the environment variable ${name} is not set`,
    hint: `set it before the run: export ${name}=...`,
  };
}
