// The last step of the build: puts what `fleetstorm validate` loads, some 280 small files, into one. Opening and linking them takes more
// than twice as long as all that the command does.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const COMMAND = fileURLToPath(new URL('../dist/cli/validate.js', import.meta.url));
/** Packages that go into the file; all else is imported as before. */
const TAKEN_IN = ['yaml', 'zod'];

const bundle = await rolldown({
  input: COMMAND,
  external: (id) => /^[a-z@]/.test(id) && !TAKEN_IN.includes(id.split('/')[0]),
  platform: 'node',
});
await bundle.write({ file: COMMAND, format: 'esm', codeSplitting: false, postBanner: await licences() });

/** Their licences ask to come with every copy. */
async function licences() {
  const texts = await Promise.all(TAKEN_IN.map(async (name) => `${name}\n\n${await licenceOf(name)}`));
  return `/*! This file contains parts of the following packages.\n\n${texts.join('\n\n')}\n*/`;
}

async function licenceOf(name) {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (await readFile(join(dirname(manifest), 'LICENSE'), 'utf8')).trim();
}
