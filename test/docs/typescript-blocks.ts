import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Block } from './blocks.ts';
import { ROOT } from './pages.ts';

const run = promisify(execFile);

/** As strict as the sources, for a program that only has the package. */
const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  outDir: 'out',
  rootDir: '.',
};

/** Type-checks and compiles blocks in the folder, which becomes a package with this one installed. Returns their programs, in order. */
export async function compileBlocks(blocks: readonly Block[], folder: string): Promise<string[]> {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  symlinkSync(ROOT, join(modules, 'fleetstorm'));
  for (const name of ['@types/node', 'undici-types'])
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const names = blocks.map(({ page, line, text }) => {
    const name = `${page.replaceAll(/\W/g, '-')}-${line}`;
    writeFileSync(join(folder, `${name}.ts`), text);
    return name;
  });
  const config = { compilerOptions: COMPILER_OPTIONS, files: names.map((name) => `${name}.ts`) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], { cwd: folder });
  return names.map((name) => join('out', `${name}.js`));
}

/** Printed before each program. */
const NEXT = '\u0001';

/** What compiled blocks printed, each run to its end before the next, all in one process. Rejects if one fails. */
export async function runPrograms(programs: readonly string[], folder: string): Promise<string[]> {
  const all = programs.map((program) => `console.log('${NEXT}'); await import('./${program}');`);
  writeFileSync(join(folder, 'all.js'), all.join('\n'));
  const { stdout } = await run(process.execPath, ['all.js'], { cwd: folder, env: { FLEETSTORM_TUNING: 'off' } });
  return stdout.split(`${NEXT}\n`).slice(1);
}
