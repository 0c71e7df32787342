import type { CommandModule } from 'yargs';
import { scenarioJsonSchema } from '../scenario/schema/scenario.ts';
import type { Io } from './io.ts';

/** `fleetstorm schema`: the JSON Schema of scenario files, for editors. */
export function schemaCommand(io: Io, exit: (code: number) => void): CommandModule {
  return {
    command: 'schema',
    describe: 'Print the JSON Schema of the scenario file, for editors',
    builder: (yargs) =>
      yargs
        .example('$0 schema > scenarios/schema.json', 'Then start a scenario with')
        .example('# yaml-language-server: $schema=./schema.json', ''),
    handler: async () => exit(await runSchema(io)),
  };
}

/** Prints the schema to stdout. */
export function runSchema(io: Pick<Io, 'stdout'>): Promise<number> {
  io.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  return Promise.resolve(0);
}
