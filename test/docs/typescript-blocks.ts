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
  const names = blocks.map((block, index) => {
    writeFileSync(join(folder, `block-${index}.ts`), block.text);
    return `block-${index}`;
  });
  const config = { compilerOptions: COMPILER_OPTIONS, files: names.map((name) => `${name}.ts`) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], { cwd: folder });
  return names.map((name) => join('out', `${name}.js`));
}

/** What a compiled block printed. Rejects if it fails. */
export async function runProgram(program: string, folder: string): Promise<string> {
  const { stdout } = await run(process.execPath, [program], { cwd: folder, env: { FLEETSTORM_TUNING: 'off' } });
  return stdout;
}
