import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { growDescriptorTable } from '../../../../src/host/machine/descriptor-table.ts';

/** Places in this process's table of open files, by Linux' own account. */
function tableSize(): number {
  const [, size] = /^FDSize:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(size);
}

describe.runIf(process.platform === 'linux')('growDescriptorTable', () => {
  it('leaves a larger table and no file open', () => {
    const before = readdirSync('/proc/self/fd').length;
    growDescriptorTable(3_000);
    expect(tableSize()).toBeGreaterThanOrEqual(3_000);
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  it('stops at the limit of open files and gives all of them back', () => {
    const module = new URL('../../../../dist/host/machine/descriptor-table.js', import.meta.url).href;
    const script = `
      import { readdirSync } from 'node:fs';
      import { growDescriptorTable } from '${module}';
      const before = readdirSync('/proc/self/fd').length;
      growDescriptorTable(1_000);
      console.log(readdirSync('/proc/self/fd').length - before);
    `;
    const limited = ['-c', 'ulimit -n 300 && exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script];
    expect(execFileSync('sh', limited, { encoding: 'utf8' })).toBe('0\n');
  });
});
