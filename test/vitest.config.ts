import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

/**
 * Warm-ups and their like take most of the processor time of a short run, for the latencies of its first seconds. Tests that mean those are
 * in `alone`.
 */
const UNTUNED = { FLEETSTORM_TUNING: 'off' };

/** The compiled program is loaded as Node loads it, not read and transformed once more for the tests. */
const COMPILED = /\/dist\//;

/** What tests import of the sources comes from the build, which has it compiled: reading and transforming it once more took as long as many a test. */
const BUILT = {
  find: /^(?:\.\.\/)+src\/(.*)\.ts$/,
  replacement: `${new URL('../dist', import.meta.url).pathname}/$1.js`,
};

/** Tests that put other modules in the place of some: each has modules of its own. */
const MOCKED = 'test/unit/**/*.mocked.test.ts';

const root = new URL('..', import.meta.url).pathname;

/**
 * How long a test may take, what it polls for, and how long its title is. What ends sooner or later is no fault on a slow machine, so the
 * first two are there for what hangs. A test that means a time says so itself.
 */
const PATIENCE = {
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
  setupFiles: ['test/short-titles.ts'],
};

/** Runs that last seconds because their plans do mostly wait: several at once take no more of the machine than it has. */
const WAITING_FILES = 3 * availableParallelism();
/** Those of the system tests start a dozen programs each. */
const WAITING_SYSTEM_FILES = 2 * availableParallelism();

export default defineConfig({
  root,
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        root,
        test: {
          ...PATIENCE,
          name: 'fast',
          setupFiles: [...PATIENCE.setupFiles, 'test/give-way.ts'],
          // It imports JSON in a way that Node itself does not accept.
          server: { deps: { inline: ['@actions/workflow-parser'], external: [COMPILED] } },
          alias: [BUILT],
          // Nothing of these files changes a module that another one uses; loading all modules for each file took a third of their time.
          isolate: false,
          env: UNTUNED,
          include: ['test/{unit,property,contract,fuzz}/**/*.test.ts'],
          exclude: [MOCKED],
          pool: 'forks',
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        test: {
          ...PATIENCE,
          name: 'mocked',
          setupFiles: [...PATIENCE.setupFiles, 'test/give-way.ts'],
          // As Node imports CommonJS, so that a module is the same in the sources as it is compiled.
          deps: { interopDefault: false },
          include: [MOCKED],
          pool: 'forks',
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        test: {
          ...PATIENCE,
          name: 'timed',
          isolate: false,
          server: { deps: { external: [COMPILED] } },
          alias: [BUILT],
          env: UNTUNED,
          include: ['test/{integration,e2e}/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: WAITING_FILES,
          maxConcurrency: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        root,
        test: {
          ...PATIENCE,
          name: 'system',
          // Several wait for half a minute and more, and start a dozen programs beside each other.
          testTimeout: 600_000,
          isolate: false,
          server: { deps: { external: [COMPILED] } },
          alias: [BUILT],
          env: UNTUNED,
          include: ['test/system/*.test.ts'],
          pool: 'forks',
          maxWorkers: WAITING_SYSTEM_FILES,
          maxConcurrency: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        root,
        test: {
          ...PATIENCE,
          name: 'alone',
          isolate: false,
          server: { deps: { external: [COMPILED] } },
          alias: [BUILT],
          // These measure, or log in as fast as the machine can, and so need it for themselves.
          include: ['test/system/alone/*.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
