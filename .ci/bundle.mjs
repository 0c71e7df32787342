// The last step of the build: puts the some 300 small files that each program loads into a few. Opening and linking them took half the
// processor time of a short run, and most of what `--help` needs.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = join(ROOT, 'dist/');

/**
 * What Node is told to load: each a process or thread of its own, with files of its own. `entries` keep their places in `dist`; what they
 * share or load later goes to `dist/parts`. `groups`: modules that get one file with all that they import.
 */
const PROGRAMS = [
  {
    name: 'cli',
    entries: ['bin', 'cli/main'],
    groups: {
      start: /cli[/](main|io[/](word-stream|end-signals|last-words))\.js$/,
      validate: /cli[/]validate\.js$/,
      run: /cli[/]run\.js$/,
    },
  },
  { name: 'library', entries: ['index'], groups: {} },
  { name: 'worker', entries: ['fleet/entry'], groups: {} },
  { name: 'emulator', entries: ['host/emulator/emulator-process'], groups: {} },
  { name: 'host', entries: ['host/processes/host-process'], groups: {} },
];

const ENTRIES = new Set(PROGRAMS.flatMap(({ entries }) => entries));

/** Packages that start files of their own, are not for Node, or are another package's choice if they are installed. */
const LEFT_OUT = /^(?:piscina|uplot|msgpackr-extract|@valkey)(?:\/|$)/;

const PACKAGE_FILE = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\/(.*)$/;

await rm(join(DIST, 'parts'), { recursive: true, force: true });
/** Folders of the packages that were taken in. */
const packages = new Set();
// All are read before the first is written: it takes the place of what the others may import.
const bundles = await Promise.all(PROGRAMS.map(bundleOf));
for (const { bundle, output } of bundles) await bundle.write(output);
await writeFile(
  join(DIST, 'modules.json'),
  JSON.stringify(Object.assign({}, ...bundles.map(({ modules }) => modules))),
);
await writeFile(join(DIST, 'parts', 'licences.txt'), await licences());

async function bundleOf({ name, entries, groups }) {
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, join(DIST, `${entry}.js`)])),
    external: (id) => id.startsWith('node:') || LEFT_OUT.test(id),
    platform: 'node',
    plugins: [keptPlaces()],
  });
  const output = {
    dir: DIST,
    format: 'esm',
    // Comments and spaces take a tenth of the start. Names stay, for whoever reads a stack trace.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    entryFileNames: '[name].js',
    chunkFileNames: `parts/${name}/[name].js`,
    codeSplitting: {
      groups: Object.entries(groups).map(([group, test], index) => ({ name: group, test, priority: 9 - index })),
    },
  };
  const { output: files } = await bundle.generate(output);
  return { bundle, output, modules: Object.fromEntries(files.map(modulesOf)) };
}

/** What a file holds code of, for tests of what a program loads. */
function modulesOf({ fileName, modules = {} }) {
  const held = Object.entries(modules).filter(([id, { renderedLength }]) => renderedLength > 0 && !id.startsWith('\0'));
  return [fileName, held.map(([id]) => relative(ROOT, id).split(sep).join('/'))];
}

/** Modules go on meaning files by where they lay, wherever their code lands. */
function keptPlaces() {
  return {
    name: 'kept-places',
    transform(code, id) {
      if (id.startsWith('\0')) return undefined;
      const [, folder, packageName, path] = PACKAGE_FILE.exec(id) ?? [];
      if (folder === undefined) checkStarted(code, id);
      else packages.add(folder);
      return { code: code.replaceAll('import.meta.url', () => placeOf(id, packageName, path)) };
    },
    renderChunk(code, { fileName }) {
      const up = posix.relative(posix.dirname(fileName), '.') || '.';
      return { code: code.replaceAll(/(["'`])dist:/g, `$1${up}/`) };
    },
  };
}

/** What is started by its address must be there in the package, which holds no other modules. */
function checkStarted(code, id) {
  for (const [, path] of code.matchAll(/new URL\('(\.{1,2}\/[^']+)\.js', import\.meta\.url\)/g)) {
    const entry = relative(DIST, join(dirname(id), path))
      .split(sep)
      .join('/');
    if (!ENTRIES.has(entry)) throw new Error(`${id} starts ${entry}, which is not among the entries of this file`);
  }
}

/** An expression for the address of a module as it was. */
function placeOf(id, packageName, path) {
  switch (packageName) {
    case undefined:
      return `new URL('dist:${relative(DIST, id).split(sep).join('/')}', import.meta.url).href`;
    case 'yargs':
      // Where the words of other languages are.
      return `new URL('${path}', import.meta.resolve('yargs/package.json')).href`;
    case 'yargs-parser':
      // Only for requiring what Node itself has.
      return 'import.meta.url';
    default:
      throw new Error(`${id} means files by where it is: leave ${packageName} out, or say what it needs`);
  }
}

/** The licences of packages ask to come with every copy. */
async function licences() {
  const texts = await Promise.all([...packages].sort().map(licenceOf));
  return `The programs of this package contain parts of the following ones.\n\n${texts.join('\n\n')}\n`;
}

async function licenceOf(folder) {
  const { name, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((one) => /^(licen[cs]e|copying)/i.test(one));
  const text =
    file === undefined
      ? `Licence: ${license}, by ${author?.name ?? author}`
      : await readFile(join(folder, file), 'utf8');
  return `${name}\n\n${text.trim()}`;
}
