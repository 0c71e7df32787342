import { beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { helpIo } from '../../docs/generated/help-io.ts';
import {
  commandsIn,
  type Manifest,
  manifestFaults,
  manifestFiles,
  manifestText,
  objectsIn,
} from '../../docs/kubernetes-manifests.ts';
import { readPage } from '../../docs/pages.ts';

function objectCalled(file: string, name: string): Manifest {
  const found = objectsIn(manifestText(file)).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`${file} has no ${name}`);
  return found;
}

/** The values of an option of a command. */
function valuesOf(words: readonly string[], option: string): string[] {
  return words.flatMap((word, index) => (words[index - 1] === option ? [word] : []));
}

async function optionsOf(command: string): Promise<string[]> {
  const io = helpIo([command, '--help']);
  await main(io);
  return [...io.printed().matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option);
}

const WRONG = [
  ['a misspelt key', 'backoffLimitPerIndex:', 'backoffLimitPerIndices:'],
  ['a key in the wrong place', 'restartPolicy: Never', 'completionMode: Indexed'],
  ['a value of another type', 'completions: 4', 'completions: four'],
  ['an unknown mode', 'completionMode: Indexed', 'completionMode: Numbered'],
] as const;

/** Manifests that are wrong, by what is wrong with them. */
function wrongManifests(): Record<string, string> {
  const text = manifestText('shares.yaml');
  return Object.fromEntries(
    WRONG.map(([what, right, wrong]) => {
      if (!text.includes(right)) throw new Error(`shares.yaml has no ${right}`);
      return [what, text.replace(right, wrong)];
    }),
  );
}

describe('the manifests for Kubernetes', () => {
  let faults: Record<string, readonly string[]>;
  beforeAll(() => {
    const texts = {
      ...Object.fromEntries(manifestFiles().map((name) => [name, manifestText(name)])),
      ...wrongManifests(),
    };
    const found = manifestFaults(Object.values(texts));
    faults = Object.fromEntries(Object.keys(texts).map((name, index) => [name, found[index] ?? []]));
  });

  it.each(manifestFiles())('%s is what the schema of its API allows, to the last key', (name) => {
    expect(faults[name]).toEqual([]);
  });

  it.each(WRONG)('would be caught with %s', (what) => {
    expect(faults[what]).not.toEqual([]);
  });

  it.each(manifestFiles())('%s gives fleetstorm options that it has', async (name) => {
    for (const [command = '', ...words] of objectsIn(manifestText(name)).flatMap(commandsIn)) {
      const known = await optionsOf(command);
      for (const word of words.filter((one) => one.startsWith('--'))) expect(known).toContain(word);
    }
  });

  it('start as many shares at once as there are, and merge them all', () => {
    const { spec, ...shares } = objectCalled('shares.yaml', 'storm-shares');
    const [run = []] = commandsIn({ spec, ...shares });
    expect(spec.parallelism).toBe(spec.completions);
    expect(valuesOf(run, '--shard')).toEqual([`$((JOB_COMPLETION_INDEX + 1))/${spec.completions}`.split(' ')[0]]);
    expect(run.join(' ')).toContain(`$((JOB_COMPLETION_INDEX + 1))/${spec.completions} `);
    const [merge = []] = commandsIn(objectCalled('shares.yaml', 'storm-merge'));
    const folders = Array.from({ length: spec.completions ?? 0 }, (_, index) => `/results/share-${index}`);
    expect(merge).toEqual(['merge', ...folders, '--out', '/results/storm']);
  });

  it('let agents load what the run aims at, and no more are asked for than wait', () => {
    const agents = objectCalled('agents.yaml', 'fleetstorm-agents');
    const [agent = []] = commandsIn(agents);
    const [run = []] = commandsIn(objectCalled('run-on-agents.yaml', 'storm'));
    for (const option of ['--redis', '--allow-remote', '--key-file']) {
      expect(valuesOf(run, option)).toEqual(valuesOf(agent, option));
    }
    expect(Number(valuesOf(run, '--agents')[0])).toBeLessThanOrEqual(agents.spec.replicas ?? 0);
  });

  it('name the version of this program', () => {
    const images = manifestFiles().flatMap((name) => [...manifestText(name).matchAll(/image: .*\/fleetstorm:(\S+)/g)]);
    const versions = new Set(images.map(([, version]) => version));
    expect([...versions]).toEqual([JSON.parse(readPage('package.json').text).version]);
  });

  it('are each named by the page about them', () => {
    const { text } = readPage('docs/kubernetes.md');
    for (const name of [...manifestFiles(), 'Dockerfile']) expect(text).toContain(`(kubernetes/${name})`);
  });
});
