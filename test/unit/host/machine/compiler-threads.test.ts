import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('../../../../dist/host/machine/compiler-threads.js', import.meta.url).href;

/** Niceness of each thread of a fresh process that has lowered its compiler threads, in the order in which they were made. */
function nicenessIn(...nodeOptions: readonly string[]): number[] {
  const script = `
    import { readFile } from 'node:fs/promises';
    import { opendirSync, readFileSync } from 'node:fs';
    import { lowerCompilerThreads } from '${MODULE}';
    // The pool of libuv is made by its first use.
    await readFile('/proc/self/status');
    lowerCompilerThreads(process.execArgv);
    const folder = opendirSync('/proc/self/task');
    const all = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      const stat = readFileSync('/proc/self/task/' + entry.name + '/stat', 'latin1');
      all.push(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
    }
    console.log(JSON.stringify(all));
  `;
  const text = execFileSync(process.execPath, [...nodeOptions, '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return JSON.parse(text) as number[];
}

describe.runIf(process.platform === 'linux')('lowerCompilerThreads', () => {
  it("lowers V8's four threads: neither the one that plays, nor those that resolve names and read files", () => {
    const niceness = nicenessIn();
    const [own = 0] = niceness;
    expect(niceness.length).toBeGreaterThan(6);
    expect(niceness.slice(0, 6)).toEqual([own, own, 19, 19, 19, 19]);
    expect(new Set(niceness.slice(6))).toEqual(new Set([own]));
  });

  it('touches nothing where Node was told how many threads V8 has', () => {
    expect(new Set(nicenessIn('--v8-pool-size=2')).size).toBe(1);
  });
});
