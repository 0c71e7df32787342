// `npm run build`: compiles src into dist, and bundles it. Does nothing if dist is what would come of it already, as it is after `npm ci`:
// compiling takes half a minute of processor time, and `npm test` and others begin with it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = join(ROOT, 'dist');
/** What dist was made from, and its files as they were then. */
const RECORD = join(DIST, 'build.json');
/** Builds of their own. */
const NOT_OURS = /^bench(?:[/\\]|$)/;

const inputs = sumOfInputs();
if (isCurrent()) process.stdout.write('dist is up to date\n');
else process.exitCode = await build();

async function build() {
  // A build that fails or is ended half-way is no build.
  rmSync(RECORD, { force: true });
  const isWindows = process.platform === 'win32';
  const { status } = spawnSync('tsc', ['-p', 'tsconfig.json'], { cwd: ROOT, stdio: 'inherit', shell: isWindows });
  if (status !== 0) return status ?? 1;
  await import('./bundle.mjs');
  writeFileSync(RECORD, JSON.stringify({ inputs, outputs: outputs() }));
  return 0;
}

function isCurrent() {
  try {
    const record = JSON.parse(readFileSync(RECORD, 'utf8'));
    return record.inputs === inputs && Object.entries(record.outputs).every(([path, look]) => lookOf(path) === look);
  } catch {
    return false;
  }
}

/** All that decides what dist will be: the sources, how they are built, and the packages that are bundled. */
function sumOfInputs() {
  const sum = createHash('sha256');
  const fixed = ['package.json', 'package-lock.json', 'tsconfig.json', '.ci/build.mjs', '.ci/bundle.mjs'];
  for (const path of [...fixed, ...filesBelow('src').map((name) => join('src', name))]) {
    const content = readFileSync(join(ROOT, path));
    sum.update(`${path} ${content.length}\n`).update(content);
  }
  return sum.digest('hex');
}

function outputs() {
  const ours = filesBelow('dist').filter((path) => !NOT_OURS.test(path));
  return Object.fromEntries(ours.map((path) => [path, lookOf(path)]));
}

function filesBelow(folder) {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return entries.filter((path) => statSync(join(ROOT, folder, path)).isFile()).sort();
}

/** Differs once somebody has written the file. */
function lookOf(path) {
  const { size, mtimeMs } = statSync(join(DIST, path));
  return `${size} ${mtimeMs}`;
}
