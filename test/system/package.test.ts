import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, testFolder } from '../e2e/cli.ts';

const run = promisify(execFile);

/** The package as it would be published, made from what was built before. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let folder: Awaited<ReturnType<typeof testFolder>>;
let packed: Packed;
beforeAll(async () => {
  folder = await testFolder();
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.path], {
    cwd: ROOT,
  });
  [packed] = JSON.parse(stdout) as [Packed];
});
afterAll(() => folder.remove());

describe('the package', () => {
  it('holds every file that its documents link to', async () => {
    const paths = packed.files.map(({ path }) => path);
    const documents = paths.filter((path) => path.endsWith('.md'));
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'docs/README.md', 'results/README.md', 'scenarios/README.md']),
    );
    const missing = (await Promise.all(documents.map(linkedPaths)))
      .flat()
      .filter(({ path }) => !paths.some((one) => one === path || one.startsWith(`${path}/`)));
    expect(missing).toEqual([]);
  });

  it('holds the built program and no litter', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toContain('dist/bin.js');
    expect(paths).toContain('LICENSE');
    // Programs, what their threads and processes start with, and what a report's page is made of; all else is in the parts of those.
    const modules = paths.filter((path) => /^dist\/(?!parts\/|report\/html\/client\/).*\.js$/.test(path));
    expect(modules.sort()).toEqual([
      ...['dist/bin.js', 'dist/cli/main.js', 'dist/fleet/entry.js', 'dist/host/emulator/emulator-process.js'],
      ...['dist/host/processes/host-process.js', 'dist/index.js'],
    ]);
    expect(paths).toContain('dist/parts/licences.txt');
    const litter = /\.map$|^dist\/(bench|cli|bin|report\/html\/client)\b.*\.d\.ts$|^dist\/bench\/|^(src|test)\//;
    expect(paths.filter((path) => litter.test(path))).toEqual([]);
  });

  describe.concurrent('installed into an empty folder', () => {
    let home: string;
    beforeAll(async () => {
      home = join(folder.path, 'empty');
      await mkdir(home);
      await writeFile(join(home, 'package.json'), '{ "private": true, "type": "module" }');
      const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder.path, packed.filename)];
      await run('npm', install, { cwd: home });
    });

    it('plays a scenario that it ships', async ({ expect }) => {
      const scenario = 'node_modules/fleetstorm/scenarios/quickstart.yaml';
      const small = [
        'fleets.meters.devices=20',
        'fleets.meters.connect={ arrival: burst }',
        'duration=5s',
        'thresholds=[accepted.count == 20]',
      ];
      const args = [...small.flatMap((setting) => ['--set', setting]), '--json', '--out', 'run', '--accept-limited'];
      const { stdout } = await run('npx', ['--no-install', 'fleetstorm', 'run', scenario, ...args], {
        cwd: home,
        env: { ...process.env, FLEETSTORM_TUNING: 'off' },
      });
      expect(JSON.parse(stdout)).toMatchObject({
        exitCode: 0,
        total: { outcomes: [{ outcome: 'accepted', count: 20 }] },
      });
      expect(await readFile(join(home, 'run/report.html'), 'utf8')).toContain('uPlot');
    });

    it('is a library', async ({ expect }) => {
      const program = "import('fleetstorm').then((all) => console.log(Object.keys(all).join()))";
      const { stdout } = await run('node', ['-e', program], { cwd: home });
      expect(stdout.trim().split(',')).toEqual(
        expect.arrayContaining(['compareRuns', 'loadScenario', 'openTarget', 'runScenario']),
      );
    });

    it('has types that a strict program compiles against, those of all its declarations checked too', async ({
      expect,
    }) => {
      await copyFile(join(ROOT, 'test/fixtures/embedding/embedding.ts'), join(home, 'embedding.ts'));
      const compilerOptions = {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        module: 'nodenext',
        moduleResolution: 'nodenext',
        target: 'es2023',
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules/@types')],
      };
      await writeFile(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['embedding.ts'] }));
      const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
      const { stdout } = await run('node', [compiler, '-p', home], { cwd: home }).catch(
        (error: { stdout: string }) => error,
      );
      expect(stdout).toBe('');
    });
  });
});

/** Files that a Markdown document of the package links to, from the root of the package. */
async function linkedPaths(document: string): Promise<{ document: string; path: string }[]> {
  const text = await readFile(join(ROOT, document), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.split('#')[0] ?? '');
  return targets
    .filter((target) => target !== '' && !/^\w+:/.test(target))
    .map((target) => ({ document, path: normalize(join(dirname(document), target)).replace(/\/$/, '') }));
}
